"""The numbers beside each backbone in the catalogue.

columns             the catalogue's columns, for a backbone of each source
costs               multiply-adds and activations, counted on the meta device
published           ImageNet top-1 accuracy, as timm and torchvision publish it
imagenet_top1.csv   timm's results table, three of its columns (Apache-2.0; resources/backbones/README.md)
"""
