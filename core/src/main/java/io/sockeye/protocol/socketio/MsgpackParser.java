package io.sockeye.protocol.socketio;

/**
 * The parser that understands clients with npm's {@code socket.io-msgpack-parser}: each packet is one binary message in
 * MessagePack, binary data included.
 *
 * <p>Arguments are bound as if they had come as JSON: a date is ISO 8601 text, {@code undefined} is null in an array and
 * absent in an object. Java values are written as the default parser writes them, so dates go out as text. {@code
 * maxAttachments} has no meaning here, as {@code maxPayload} bounds binary data with the rest of its message.
 *
 * <p>Immutable.
 */
public final class MsgpackParser implements Parser {
    private final MsgpackBinder binder;
    private final MsgpackEncoder encoder;

    private MsgpackParser(ParserFactory.Settings settings) {
        this.binder = new MsgpackBinder(settings.mapper(), MsgpackDialect.OF_CLIENTS);
        this.encoder = new MsgpackEncoder(new MsgpackWriter(settings.mapper(), MsgpackDialect.OF_CLIENTS), binder);
    }

    /** Makes one parser per server. */
    public static ParserFactory factory() {
        return MsgpackParser::new;
    }

    @Override
    public Encoder encoder() {
        return encoder;
    }

    @Override
    public Decoders newDecoders() {
        return new MsgpackDecoder(binder);
    }
}
