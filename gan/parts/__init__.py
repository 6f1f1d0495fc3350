"""The choices a GAN is built of, one file each."""
