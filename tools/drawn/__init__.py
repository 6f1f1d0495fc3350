"""Picture sets that are drawn by chance: nobody's pictures, so that anybody may do anything with them."""
