using System.Runtime.InteropServices;
using Microsoft.ML.Tokenizers;

namespace OrleansHybrid.Inference.Text;

/// <summary>Texts to BERT's token ids, begun by [CLS] and ended by [SEP]. Any number of threads may use it at once.</summary>
/// <remarks>
/// Rules kept here:
/// <list type="bullet">
/// <item>Words are made by us (<see cref="BasicText"/>), so that neither culture nor ICU changes an answer; the library cuts words into pieces.</item>
/// <item>A long text is cut after its <c>maxTokens</c> − 2 first tokens, inside a word too, as the models' own tokeniser does; the library alone would leave out the whole word.</item>
/// <item>"[SEP]" in a text is three tokens of text, never the special one: callers write texts, not control words.</item>
/// </list>
/// </remarks>
internal sealed class WordPieceTokenizer
{
    /// <summary>A word of more characters is one unknown token, so a word has no more pieces than this.</summary>
    private const int WordCharsMax = 100;

    private readonly BertTokenizer bert;
    private readonly bool lowerCase;
    private readonly int textTokensMax;

    private WordPieceTokenizer(BertTokenizer bert, bool lowerCase, int maxTokens)
    {
        (this.bert, this.lowerCase) = (bert, lowerCase);
        textTokensMax = maxTokens - 2;
    }

    /// <exception cref="ArgumentException">The vocabulary repeats a token or lacks a special one.</exception>
    public static WordPieceTokenizer Create(ReadOnlyMemory<byte> vocabulary, bool lowerCase, int maxTokens)
    {
        var bytes = MemoryMarshal.TryGetArray(vocabulary, out var array) ? array : vocabulary.ToArray();
        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        var options = new BertOptions
        {
            ApplyBasicTokenization = false,
            LowerCaseBeforeTokenization = false,
            RemoveNonSpacingMarks = false,
            SplitOnSpecialTokens = false,
            MaxInputCharsPerWord = WordCharsMax,
        };
        return new WordPieceTokenizer(BertTokenizer.Create(stream, options), lowerCase, maxTokens);
    }

    public int[] Encode(string text)
    {
        var pieces = bert.EncodeToIds(BasicText.Words(text, lowerCase), textTokensMax + WordCharsMax, addSpecialTokens: false, out _, out _);
        var ids = new int[Math.Min(pieces.Count, textTokensMax) + 2];
        ids[0] = bert.ClassificationTokenId;
        for (var i = 0; i < ids.Length - 2; i++) ids[i + 1] = pieces[i];
        ids[^1] = bert.SeparatorTokenId;
        return ids;
    }

    /// <summary>A row of so many tokens, as long texts have it; for a warm-up.</summary>
    public int[] Longest()
    {
        var ids = new int[textTokensMax + 2];
        Array.Fill(ids, bert.UnknownTokenId);
        (ids[0], ids[^1]) = (bert.ClassificationTokenId, bert.SeparatorTokenId);
        return ids;
    }
}
