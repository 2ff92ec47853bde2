namespace OrleansHybrid.Domain.Models;

/// <summary>What is done to a caller's tensors before the graph sees them: one step, by its name, that a library does. The manifest's inputs are what callers send, the graph's are what the step makes.</summary>
public sealed record PreProcessing(WordPieceSettings WordPiece);

/// <summary>Text to BERT's tokens: in goes one BYTES input of UTF-8 texts, out come <c>input_ids</c>, <c>attention_mask</c> and <c>token_type_ids</c>, INT64 [N, S].</summary>
/// <param name="Vocabulary">The file of the version's folder with one token a line; a token's id is its line, counted from 0.</param>
/// <param name="LowerCase">Texts lose capitals and accents, as uncased models were trained.</param>
/// <param name="MaxTokens">Tokens of one text, <c>[CLS]</c> and <c>[SEP]</c> included. Longer texts are cut.</param>
public sealed record WordPieceSettings(string Vocabulary, bool LowerCase, int MaxTokens)
{
    /// <summary>Tokens that a vocabulary must hold.</summary>
    public static IReadOnlyList<string> SpecialTokens { get; } = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];
}

/// <summary>A step as an engine gets it: with the vocabulary's bytes, already checked against their digest.</summary>
public sealed record WordPieceToLoad(WordPieceSettings Settings, ReadOnlyMemory<byte> Vocabulary);
