"""Sentence embeddings: all-MiniLM-L6-v2 as a package carries it, pooled and normalised inside the graph, in float and in eight bits."""
