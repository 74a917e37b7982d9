package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import io.sockeye.protocol.Utf8;
import org.jspecify.annotations.Nullable;

/** Reads messages in JSON. Confined to its owner. */
final class JsonMessageReader extends MessageReader {
    private static final int MAX_LEVELS = Long.SIZE;
    private static final int[] NO_BOUNDS = {};

    private final JsonScanner scanner = new JsonScanner(SocketJson.MAX_DEPTH - 1); // the arguments' array is one level
    private int level;
    /** For each level, innermost lowest: whether nothing of it has been read. */
    private long fresh;

    private int leftAt; // what back() has left, so below
    private int leftLevel;
    private long leftFresh;

    @Override
    public void read(byte[] message) throws ProtocolException {
        if (!Utf8.isValid(message, 0, message.length)) {
            throw malformed();
        }
        array = message;
        p = 0;
        level = 0;
        fresh = 0;
    }

    @Override
    public Kind kind() throws ProtocolException {
        return switch (peek()) {
            case '{' -> Kind.OBJECT;
            case '[' -> Kind.ARRAY;
            case '"' -> Kind.STRING;
            case 't', 'f' -> Kind.BOOLEAN;
            case 'n' -> Kind.NULL;
            default -> Kind.NUMBER;
        };
    }

    private byte peek() throws ProtocolException {
        p = JsonScanner.skipWhiteSpace(array, p, array.length);
        if (p == array.length) {
            throw malformed();
        }
        return array[p];
    }

    private void expect(char c) throws ProtocolException {
        if (peek() != c) {
            throw malformed();
        }
        p++;
    }

    private void start(char bracket) throws ProtocolException {
        expect(bracket);
        if (++level > MAX_LEVELS) {
            throw malformed();
        }
        fresh = fresh << 1 | 1;
    }

    /** Whether there is more at this level, in front of which is then a comma but for the first. */
    private boolean more(char bracket) throws ProtocolException {
        if (peek() == bracket) {
            p++;
            level--;
            fresh >>>= 1;
            return false;
        }
        if ((fresh & 1) == 0) {
            expect(',');
            peek();
        }
        fresh &= ~1L;
        return true;
    }

    @Override
    public void startObject() throws ProtocolException {
        start('{');
    }

    @Override
    public @Nullable String nextName() throws ProtocolException {
        if (!more('}')) {
            return null;
        }
        String name = text();
        expect(':');
        return name;
    }

    @Override
    public void startArray() throws ProtocolException {
        start('[');
    }

    @Override
    public boolean hasNext() throws ProtocolException {
        return more(']');
    }

    private String text() throws ProtocolException {
        if (peek() != '"') {
            throw malformed();
        }
        int start = p + 1;
        int behind = JsonScanner.string(array, start, array.length);
        if (behind < 0) {
            throw malformed();
        }
        p = behind;
        boolean plain = JsonScanner.plainEnd(array, start, behind - 1) == behind - 1;
        return plain ? names.text(array, start, behind - 1) : JsonString.decode(array, start, behind - 1);
    }

    @Override
    public String string() throws ProtocolException {
        return text();
    }

    @Override
    String eventName() throws ProtocolException {
        return kind() == Kind.STRING ? text() : JsNumber.text(number());
    }

    private double number() throws ProtocolException {
        if (kind() != Kind.NUMBER) {
            throw malformed();
        }
        int start = p;
        skip();
        return JsNumber.json(array, start, p);
    }

    @Override
    public long integer() throws ProtocolException {
        double number = number();
        if (number != Math.rint(number) || Math.abs(number) > JsNumber.MAX_EXACT_INTEGER) {
            throw malformed();
        }
        return (long) number;
    }

    @Override
    public boolean bool() throws ProtocolException {
        boolean value = peek() == 't';
        if (kind() != Kind.BOOLEAN) {
            throw malformed();
        }
        skip();
        return value;
    }

    @Override
    public RawArgument raw() throws ProtocolException {
        peek();
        int start = p;
        skip();
        JsonSource source = new JsonSource(array, Placeholders.NONE, JsonSource.NO_ATTACHMENTS);
        return new JsonRawArgument(source, start, p, Binder.ofDefaultMapper());
    }

    @Override
    int behindValue() {
        return scanner.value(array, p, array.length);
    }

    @Override
    public void back(int position) {
        leftAt = p;
        leftLevel = level;
        leftFresh = fresh;
        p = position;
        level = 0;
        fresh = 0;
    }

    @Override
    public void resume() {
        p = leftAt;
        level = leftLevel;
        fresh = leftFresh;
    }

    @Override
    public void end() throws ProtocolException {
        if (JsonScanner.skipWhiteSpace(array, p, array.length) != array.length) {
            throw malformed();
        }
    }

    @Override
    Arguments rest() throws ProtocolException {
        bounds.clear();
        while (hasNext()) {
            bounds.add(JsonScanner.skipWhiteSpace(array, p, array.length));
            skip();
            bounds.add(p);
        }
        if (bounds.size() == 0) {
            return JsonArguments.NONE;
        }
        return new JsonArguments(
                array,
                Placeholders.NONE,
                JsonSource.NO_ATTACHMENTS,
                Binder.ofDefaultMapper(),
                bounds.at(0),
                bounds.at(1),
                bounds.size() == 2 ? NO_BOUNDS : bounds.from(2));
    }
}
