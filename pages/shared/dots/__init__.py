"""The dots lab: a GAN whose pictures are dots in a plane, so that all of it is seen at once."""
