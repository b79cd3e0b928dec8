"""The reference server: MLX continuous batching behind OpenAI's and Anthropic's HTTP routes."""

# A BLAS library binds when MLX is first imported, so this comes before any module that needs MLX.
from reference_server import blas as blas
