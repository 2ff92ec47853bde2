using OrleansHybrid.Gateway.Failures;
using OrleansHybrid.Gateway.Infer;

namespace OrleansHybrid.Gateway.Json;

/// <summary>Steps through the brackets and commas of tensor data from element to element.</summary>
internal ref struct TensorWalk(InputDraft draft, long expected)
{
    private readonly InputDraft draft = draft;
    private readonly long expected = expected;
    private Nesting nesting = new(draft.Shape);
    private bool afterValue;

    /// <summary>Elements read so far; the caller counts.</summary>
    public long Count;

    /// <summary>Moves to the next element's first byte. False at the end of the data, or at a failure.</summary>
    public bool ToElement(ref JsonCursor cursor)
    {
        // The common step: a comma directly after the last number, then the next number.
        if (afterValue && cursor.Position + 1 < cursor.Text.Length && cursor.Text[cursor.Position] == ',' && cursor.Text[cursor.Position + 1] is > (byte)' ' and not ((byte)'[' or (byte)']' or (byte)','))
        {
            cursor.Position++;
            return true;
        }

        return Step(ref cursor);
    }

    /// <summary>After the last element: the count must be the shape's.</summary>
    public readonly bool Finish(ref JsonCursor cursor)
    {
        if (cursor.Failure is not null) return false;
        return Count == expected || cursor.Fail(Bad.Input($"Tensor '{draft.Name}': shape {draft.Shape} takes {expected} elements; {Count} came."));
    }

    private bool Step(ref JsonCursor cursor)
    {
        while (true)
        {
            if (nesting.Level > 0 && TryClose(ref cursor, out var more))
            {
                if (!more) return false;
                continue;
            }

            if (nesting.Level > 0 && afterValue && !cursor.Take((byte)',')) return false;
            afterValue = false;
            if (cursor.Peek() == ']') return cursor.FailSyntax("a value");
            if (!cursor.TryTake((byte)'[')) return AtValue(ref cursor);
            if (!cursor.Deeper()) return false;
            if (!nesting.Open(Count)) return FailNesting(ref cursor);
        }
    }

    private bool TryClose(ref JsonCursor cursor, out bool more)
    {
        more = false;
        if (cursor.Peek() != ']') return false;
        cursor.Position++;
        cursor.Shallower();
        afterValue = true;
        more = nesting.Close(Count) ? nesting.Level > 0 : FailNesting(ref cursor);
        return true;
    }

    private bool AtValue(ref JsonCursor cursor)
    {
        if (cursor.Peek() == 0) return cursor.FailSyntax("a value");
        if (!nesting.Value()) return FailNesting(ref cursor);
        afterValue = true;
        return true;
    }

    private readonly bool FailNesting(ref JsonCursor cursor) => cursor.Fail(Bad.Input(
        $"Tensor '{draft.Name}': the brackets of its data do not agree with shape {draft.Shape} near element {Count}; send one flat array of {expected}, or arrays nested as the shape says."));
}
