use std::sync::Arc;

use candle_core::quantized::{GgmlDType, QTensor};
use candle_core::{Module, Result, Tensor};

use crate::kernels::Packed;

/// The ways in which a matrix `[rows, columns]` is held.
#[derive(Debug, Clone)]
enum Matrix {
    Dense(Tensor),
    Quantised(Arc<QTensor>),
    /// Quantised, in the order in which kernels of our own read it.
    Packed(Arc<Packed>),
}

/// `x · Wᵀ + b`, dense or quantised: `[.., in]` → `[.., out]`.
#[derive(Debug, Clone)]
pub struct Linear {
    matrix: Matrix,
    bias: Option<Tensor>,
}

impl Linear {
    /// A dense layer from `[out, in]` and, if there is one, `[out]`.
    pub fn dense(weight: Tensor, bias: Option<Tensor>) -> Self {
        Self { matrix: Matrix::Dense(weight), bias }
    }

    /// A layer from a quantised `[out, in]`. Unquantised formats inside it become dense.
    pub fn quantised(weight: Arc<QTensor>, bias: Option<Tensor>) -> Result<Self> {
        let matrix = match weight.dtype() {
            GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16 => Matrix::Dense(weight.dequantize(&weight.device())?),
            _ => match Packed::new(&weight, bias.as_ref())? {
                // It adds the bias itself.
                Some(packed) => return Ok(Self { matrix: Matrix::Packed(Arc::new(packed)), bias: None }),
                None => Matrix::Quantised(weight),
            },
        };
        Ok(Self { matrix, bias })
    }

    /// The rows of the matrix: the width of what comes out.
    pub fn out_width(&self) -> usize {
        let shape = match &self.matrix {
            Matrix::Dense(weight) => weight.shape(),
            Matrix::Quantised(weight) => weight.shape(),
            Matrix::Packed(weight) => return weight.rows(),
        };
        shape.dims().first().copied().unwrap_or(0)
    }

    /// Bytes that one use of the matrix reads: what bounds the speed of decoding.
    pub fn bytes(&self) -> usize {
        match &self.matrix {
            Matrix::Dense(weight) => weight.elem_count() * weight.dtype().size_in_bytes(),
            Matrix::Quantised(weight) => weight.storage_size_in_bytes(),
            Matrix::Packed(weight) => weight.bytes(),
        }
    }

    /// The layer's output.
    pub fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let out = match &self.matrix {
            Matrix::Dense(weight) => {
                let mut dims = x.dims().to_vec();
                let width = dims.pop().unwrap_or(1);
                let rows = x.elem_count() / width.max(1);
                dims.push(weight.dim(0)?);
                x.reshape((rows, width))?.matmul(&weight.t()?)?.reshape(dims)?
            }
            Matrix::Quantised(weight) => {
                // The kernels take f32 rows; other types go there and back.
                let wide = x.to_dtype(candle_core::DType::F32)?.contiguous()?;
                wide.apply_op1_no_bwd(weight.as_ref())?.to_dtype(x.dtype())?
            }
            Matrix::Packed(weight) => {
                let wide = x.to_dtype(candle_core::DType::F32)?.contiguous()?;
                wide.apply_op1_no_bwd(weight.as_ref())?.to_dtype(x.dtype())?
            }
        };
        match &self.bias {
            Some(bias) => out.broadcast_add(bias),
            None => Ok(out),
        }
    }
}

impl Module for Linear {
    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        Linear::forward(self, x)
    }
}

/// Rows by id, dense or quantised: `[..]` ids → `[.., width]`. The embedding of a vocabulary.
#[derive(Debug, Clone)]
pub struct Table {
    rows: Rows,
}

#[derive(Debug, Clone)]
enum Rows {
    Dense(Tensor),
    Quantised(Arc<QTensor>),
}

impl Table {
    /// A dense table `[rows, width]`.
    pub fn dense(rows: Tensor) -> Self {
        Self { rows: Rows::Dense(rows) }
    }

    /// A quantised table `[rows, width]`: only the rows asked for are widened.
    pub fn quantised(rows: Arc<QTensor>) -> Result<Self> {
        let rows = match rows.dtype() {
            GgmlDType::F32 | GgmlDType::F16 | GgmlDType::BF16 => Rows::Dense(rows.dequantize(&rows.device())?),
            _ => Rows::Quantised(rows),
        };
        Ok(Self { rows })
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        let shape = match &self.rows {
            Rows::Dense(rows) => rows.shape(),
            Rows::Quantised(rows) => rows.shape(),
        };
        shape.dims().first().copied().unwrap_or(0)
    }

    /// The rows of the ids.
    pub fn forward(&self, ids: &Tensor) -> Result<Tensor> {
        match &self.rows {
            Rows::Dense(rows) => {
                let mut dims = ids.dims().to_vec();
                dims.push(rows.dim(1)?);
                rows.index_select(&ids.flatten_all()?, 0)?.reshape(dims)
            }
            Rows::Quantised(rows) => rows.embedding(ids),
        }
    }

    /// The same matrix as an output layer: what “tied” embeddings are.
    pub fn as_linear(&self) -> Result<Linear> {
        match &self.rows {
            Rows::Dense(rows) => Ok(Linear::dense(rows.clone(), None)),
            Rows::Quantised(rows) => Linear::quantised(rows.clone(), None),
        }
    }
}
