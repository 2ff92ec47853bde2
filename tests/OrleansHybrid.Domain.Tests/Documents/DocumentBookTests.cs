using OrleansHybrid.Domain.Documents;
using Xunit;

namespace OrleansHybrid.Domain.Tests.Documents;

public sealed class DocumentBookTests
{
    private static readonly DocumentKey Place = DocumentKey.Catalogue("keyword");
    private static readonly DocumentBook Book = DocumentBookRules.Offer(DocumentBook.Empty, DocumentSample.Held(DocumentSample.Document(4)));

    [Fact]
    public void Revision_is_given_out_once()
    {
        var (one, first) = DocumentBookRules.Reserve(Book, Place);
        var (_, second) = DocumentBookRules.Reserve(one, Place);

        Assert.Equal((5, 6, 4), (first.Revision, second.Revision, first.Current));
    }

    [Fact]
    public void Publication_over_a_place_that_changed_since_is_overtaken()
    {
        var (book, first) = DocumentBookRules.Reserve(Book, Place);
        (book, var second) = DocumentBookRules.Reserve(book, Place);

        (book, var published) = DocumentBookRules.Publish(book, Signed(5), first);
        Assert.Equal((DocumentReceipt.Published, 5), (published, book.Set.Revision));
        Assert.Equal(DocumentReceipt.Overtaken, DocumentBookRules.Publish(book, Signed(6), second).Receipt);
    }

    [Fact]
    public void Lower_number_than_the_last_published_is_overtaken_so_that_since_misses_nothing()
    {
        var (book, first) = DocumentBookRules.Reserve(Book, Place);
        (book, var second) = DocumentBookRules.Reserve(book, DocumentKey.Catalogue("vibration"));

        book = DocumentBookRules.Publish(book, Signed(6, "vibration"), second).Book;

        Assert.Equal(DocumentReceipt.Overtaken, DocumentBookRules.Publish(book, Signed(5), first).Receipt);
    }

    [Fact]
    public void Number_that_a_place_below_holds_is_gone_above_unless_it_is_out_of_all_reason()
    {
        var (learnt, news) = DocumentBookRules.Learn(Book, 9);
        var (_, reservation) = DocumentBookRules.Reserve(learnt, Place);
        var (again, old) = DocumentBookRules.Learn(learnt, 9);
        var (wild, followed) = DocumentBookRules.Learn(learnt, long.MaxValue);

        Assert.Equal((true, 10L), (news, reservation.Revision));
        Assert.Equal((false, false), (old, followed));
        Assert.Same(learnt, again);
        Assert.Same(learnt, wild);
    }

    [Fact]
    public void End_of_a_document_is_told_once_for_each_revision()
    {
        var (book, first) = DocumentBookRules.TellExpired(Book, 4);
        (book, var second) = DocumentBookRules.TellExpired(book, 4);
        book = DocumentBookRules.Offer(book, DocumentSample.Held(DocumentSample.Document(5)));
        (book, var next) = DocumentBookRules.TellExpired(book, 5);

        Assert.Equal((true, false, true), (first, second, next));
        Assert.Equal([5L], book.ExpiredTold);
    }

    [Fact]
    public void Document_of_another_farm_or_key_is_not_published()
    {
        var (book, reservation) = DocumentBookRules.Reserve(Book, Place);

        Assert.Equal(DocumentReceipt.UnknownKey, DocumentBookRules.Publish(book, Signed(5) with { KeyId = "another" }, reservation).Receipt);
        Assert.Equal(DocumentReceipt.OtherFarm, DocumentBookRules.Publish(book, Signed(5) with { Header = DocumentSample.Header(5, farm: DocumentSample.OtherFarm) }, reservation).Receipt);
        Assert.Equal(DocumentReceipt.Overtaken, DocumentBookRules.Publish(book, Signed(7), reservation).Receipt);
    }

    [Fact]
    public void Change_made_while_an_earlier_one_is_published_stays_pending()
    {
        var book = DocumentBookRules.Mark(Book, "keyword");
        (book, var reservation) = DocumentBookRules.Reserve(book, Place);
        book = DocumentBookRules.Mark(book, "keyword");

        book = DocumentBookRules.Publish(book, Signed(reservation.Revision), reservation).Book;
        Assert.Equal("keyword", Assert.Single(book.Pending).Model);

        (book, var again) = DocumentBookRules.Reserve(book, Place);
        Assert.Empty(DocumentBookRules.Publish(book, Signed(again.Revision), again).Book.Pending);
    }

    [Fact]
    public void Offer_of_another_farm_is_not_taken()
    {
        var other = DocumentSample.Held(DocumentSample.Document(4)) with { Farm = DocumentSample.OtherFarm };

        Assert.Same(Book, DocumentBookRules.Offer(Book, other));
        Assert.Same(Book, DocumentBookRules.Offer(Book, Book.Set));
    }

    private static SignedDocument Signed(long revision, string name = "keyword") => DocumentSample.Held(DocumentSample.Document(revision, name)).Documents[0];
}
