"""The teacher's desk: the lesson plan, what goes on, what visitors may do, and what can be printed."""
