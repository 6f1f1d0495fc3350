"""What is looked at while a GAN learns: samples, scores, beliefs, one step part by part."""
