"""The operators of ONNX that a stranger's file may use: arithmetic on arrays whose sizes follow from the picture.

None of them runs code of its own, loops, draws random numbers, decodes a file, or holds text.
"""

ARITHMETIC = """
    Abs Add And BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor Ceil Clip Cos CumSum Div Einsum Equal Erf Exp Floor
    Gemm Greater GreaterOrEqual IsInf IsNaN Less LessOrEqual Log MatMul Max Mean Min Mod Mul Neg Not Or Pow Reciprocal
    Round Sign Sin Sqrt Sub Sum Tan Xor
"""
OVER_AN_AXIS = """
    ArgMax ArgMin ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
    ReduceSumSquare TopK
"""
LAYERS = """
    Attention AveragePool BatchNormalization Conv ConvTranspose DepthToSpace Dropout GlobalAveragePool GlobalLpPool
    GlobalMaxPool GroupNormalization InstanceNormalization LRN LayerNormalization LpNormalization LpPool MaxPool
    MeanVarianceNormalization Pad RMSNormalization Resize RotaryEmbedding SpaceToDepth Upsample
"""
ACTIVATIONS = """
    Celu Elu Gelu HardSigmoid HardSwish Hardmax LeakyRelu LogSoftmax Mish PRelu Relu Selu Shrink Sigmoid Softmax
    Softplus Softsign Swish Tanh ThresholdedRelu
"""
SHAPES = """
    Cast CastLike CenterCropPad Col2Im Compress Concat Constant ConstantOfShape Expand EyeLike Flatten Gather
    GatherElements GatherND Identity NonZero OneHot Range Reshape ScatterElements ScatterND Shape Size Slice Split
    Squeeze Tile Transpose Trilu Unsqueeze Where
"""
LISTS_OF_ARRAYS = """
    ConcatFromSequence SequenceAt SequenceConstruct SplitToSequence
"""
WHOLE_NUMBERS = """
    ConvInteger DequantizeLinear DynamicQuantizeLinear MatMulInteger QLinearConv QLinearMatMul QuantizeLinear
"""

_ALL = (ARITHMETIC, OVER_AN_AXIS, LAYERS, ACTIVATIONS, SHAPES, LISTS_OF_ARRAYS, WHOLE_NUMBERS)
ALLOWED = frozenset(" ".join(_ALL).split())
"""What an image classifier may be made of."""
