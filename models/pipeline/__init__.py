"""The pipeline that makes the sample models: synthetic data, training, quantisation, ONNX export, evaluation."""
