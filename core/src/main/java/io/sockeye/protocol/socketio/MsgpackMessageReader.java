package io.sockeye.protocol.socketio;

import io.sockeye.protocol.ProtocolException;
import org.jspecify.annotations.Nullable;

/** Reads messages in MessagePack. Confined to its owner. */
final class MsgpackMessageReader extends MessageReader {
    private static final int MAX_LEVELS = 64;

    private static final MsgpackBinder BINDER = new MsgpackBinder(SocketJson.defaultMapper(), MsgpackDialect.OF_NODES);

    private final MsgpackScanner scanner =
            new MsgpackScanner(SocketJson.MAX_DEPTH - 1, MsgpackDialect.OF_NODES); // the arguments' array is one level
    private final long[] left = new long[MAX_LEVELS]; // how many values still come at each level
    private int level;

    private int leftAt; // what back() has left, so below
    private int leftLevel;

    @Override
    public void read(byte[] message) {
        array = message;
        p = 0;
        level = 0;
    }

    @Override
    public Kind kind() throws ProtocolException {
        byte first = peek();
        if (MsgpackScanner.isMap(first)) {
            return Kind.OBJECT;
        }
        if (MsgpackScanner.isArray(first)) {
            return Kind.ARRAY;
        }
        if (MsgpackScanner.isString(first)) {
            return Kind.STRING;
        }
        if (MsgpackNumber.isNumber(first)) {
            return Kind.NUMBER;
        }
        return switch (first & 0xff) {
            case MsgpackScanner.NIL -> Kind.NULL;
            case MsgpackScanner.TRUE, MsgpackScanner.FALSE -> Kind.BOOLEAN;
            default -> Kind.OTHER;
        };
    }

    private byte peek() throws ProtocolException {
        if (p >= array.length) {
            throw malformed();
        }
        return array[p];
    }

    private void start(boolean container) throws ProtocolException {
        int content = container ? MsgpackScanner.contentOf(array, p, array.length) : MsgpackScanner.INVALID;
        if (content < 0 || level == MAX_LEVELS) {
            throw malformed();
        }
        left[level++] = MsgpackScanner.countOf(array, p);
        p = content;
    }

    private boolean more() throws ProtocolException {
        if (level == 0) {
            throw malformed();
        }
        if (left[level - 1] == 0) {
            level--;
            return false;
        }
        left[level - 1]--;
        return true;
    }

    @Override
    public void startObject() throws ProtocolException {
        start(MsgpackScanner.isMap(peek()));
    }

    @Override
    public @Nullable String nextName() throws ProtocolException {
        return more() ? eventName() : null;
    }

    @Override
    public void startArray() throws ProtocolException {
        start(MsgpackScanner.isArray(peek()));
    }

    @Override
    public boolean hasNext() throws ProtocolException {
        return more();
    }

    @Override
    public String string() throws ProtocolException {
        if (!MsgpackScanner.isString(peek())) {
            throw malformed();
        }
        int start = p;
        skip();
        return names.text(array, MsgpackScanner.contentOf(array, start), p);
    }

    @Override
    String eventName() throws ProtocolException {
        return kind() == Kind.NUMBER ? JsNumber.text(number()) : string();
    }

    private double number() throws ProtocolException {
        if (!MsgpackNumber.isNumber(peek())) {
            throw malformed();
        }
        int start = p;
        skip();
        return MsgpackNumber.number(array, start);
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
        int first = peek() & 0xff;
        if (first != MsgpackScanner.TRUE && first != MsgpackScanner.FALSE) {
            throw malformed();
        }
        p++;
        return first == MsgpackScanner.TRUE;
    }

    @Override
    public RawArgument raw() throws ProtocolException {
        int start = p;
        skip();
        return new MsgpackRawArgument(array, start, p, BINDER);
    }

    @Override
    int behindValue() {
        return scanner.value(array, p, array.length);
    }

    @Override
    public void back(int position) {
        leftAt = p;
        leftLevel = level;
        p = position;
    }

    @Override
    public void resume() {
        p = leftAt;
        level = leftLevel;
    }

    @Override
    public void end() throws ProtocolException {
        if (p != array.length) {
            throw malformed();
        }
    }

    @Override
    Arguments rest() throws ProtocolException {
        bounds.clear();
        scanner.takeBinary();
        while (more()) {
            bounds.add(p);
            skip();
        }
        bounds.add(p);
        return new MsgpackArguments(array, bounds.from(0), scanner.takeBinary(), BINDER);
    }
}
