using OrleansHybrid.Inference.Text;
using Xunit;

namespace OrleansHybrid.Grains.Tests.Models;

public sealed class WordPieceTests
{
    [Theory]
    [InlineData("", "[CLS] [SEP]")]
    [InlineData("the cafe", "[CLS] the cafe [SEP]")]
    [InlineData("The CAFÉ, the", "[CLS] the cafe , the [SEP]")]
    [InlineData("Cafe\u0301", "[CLS] cafe [SEP]")]
    [InlineData("embeddings", "[CLS] em ##bed ##ding ##s [SEP]")]
    [InlineData("embeddingx", "[CLS] [UNK] [SEP]")]
    [InlineData("東東", "[CLS] 東 東 [SEP]")]
    [InlineData("İ", "[CLS] i [SEP]")]
    [InlineData("각", "[CLS] ᄀ ##ᅡ ##ᆨ [SEP]")]
    [InlineData("[SEP]", "[CLS] [ sep ] [SEP]")]
    [InlineData("the\u0000 \t\n cafe", "[CLS] the cafe [SEP]")]
    [InlineData("the\ncafe\tthe\r\ncafe\u00a0the\u2028cafe", "[CLS] the cafe the cafe the cafe [SEP]")]
    [InlineData("th\u200be ca\u00adfe\ufeff\ufffd", "[CLS] the cafe [SEP]")]
    [InlineData("the_cafe+a=$i", "[CLS] the _ cafe + a = $ i [SEP]")]
    [InlineData("\u2260", "[CLS] = [SEP]")]
    [InlineData("the \u20ac \ud83d\ude00 cafe", "[CLS] the [UNK] [UNK] cafe [SEP]")]
    [InlineData("a\u2014i", "[CLS] a [UNK] i [SEP]")]
    public void Text_becomes_tokens(string text, string tokens) => Assert.Equal(tokens.Split(' '), TextSample.Encode(text));

    [Fact]
    public void Cased_model_keeps_capitals_and_accents()
    {
        Assert.Equal(["[CLS]", "Cafe", "[UNK]", "[SEP]"], TextSample.Encode("Cafe Café", lowerCase: false));
    }

    [Theory]
    [InlineData(3, "[CLS] the [SEP]")]
    [InlineData(4, "[CLS] the em [SEP]")]
    [InlineData(6, "[CLS] the em ##bed ##ding [SEP]")]
    [InlineData(16, "[CLS] the em ##bed ##ding ##s cafe [SEP]")]
    public void Long_text_is_cut_at_the_bound_inside_a_word_too(int maxTokens, string tokens) => Assert.Equal(tokens.Split(' '), TextSample.Encode("the embeddings cafe", maxTokens: maxTokens));

    [Fact]
    public void Word_of_more_than_a_hundred_characters_is_one_unknown_token()
    {
        Assert.Equal(["[CLS]", "[UNK]", "the", "[SEP]"], TextSample.Encode(new string('a', 101) + " the", maxTokens: 8));
    }

    [Fact]
    public void Many_threads_get_what_one_gets()
    {
        var tokenizer = TextSample.Tokenizer();
        string[] texts = ["the cafe", "embeddings", "東 the", "The CAFÉ, embedding"];
        var alone = texts.Select(tokenizer.Encode).ToArray();

        Parallel.For(0, 20_000, i => Assert.Equal(alone[i % texts.Length], tokenizer.Encode(texts[i % texts.Length])));
    }

    [Theory]
    [InlineData("ÀÉÎÕÜñç", "AEIOUnc")]
    [InlineData("Ång\u0301str\u00f6m", "Angstrom")]
    [InlineData("ếѓй", "eги")]
    [InlineData("ά", "α")]
    [InlineData("豈", "豈")]
    [InlineData("ß ø ł", "ß ø ł")]
    public void Accents_come_off_and_letters_stay(string text, string plain) => Assert.Equal(plain, Accents.Strip(text));

    [Fact]
    public void Stripping_twice_changes_nothing()
    {
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            if (point is >= 0xD800 and <= 0xDFFF) continue;
            var once = Accents.Strip(char.ConvertFromUtf32(point));
            Assert.Equal(once, Accents.Strip(once));
        }
    }
}
