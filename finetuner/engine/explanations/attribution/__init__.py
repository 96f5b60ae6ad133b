"""Why this class here? Methods that give one map for each image.

cam grad_cam grad_cam_plus_plus layer_cam             what a late layer holds, weighed for the class: coarse
saliency smoothgrad                                   what a small change of a pixel would do
guided_backprop deconvnet guided_grad_cam             gradients that only pass where they speak for the class
integrated_gradients gradient_shap                    gradients on the way from an image without content
occlusion rise kernel_shap                            parts taken away, the answer asked for again
lrp, relevance/                                       the logit handed back, layer by layer, to the pixels
rectifiers      how ReLUs pass gradients back
baselines       images without content
superpixels     an image in some dozen areas of like colour
"""
