namespace OrleansHybrid.Domain.Models;

/// <summary>The manifest's <c>pre</c> as people write it.</summary>
/// <param name="WordPiece">The one step there is; null when it is missing, which its reader has listed.</param>
public sealed record PreConfig(WordPieceConfig? WordPiece);

public sealed record WordPieceConfig(string? Vocab, bool? LowerCase, int? MaxTokens);
