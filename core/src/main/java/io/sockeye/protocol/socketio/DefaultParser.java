package io.sockeye.protocol.socketio;

/**
 * The parser that clients use unless they are told otherwise: JSON text, with binary data in messages of its own behind it
 * ({@link PacketDecoder}, {@link PacketEncoder}). Immutable.
 */
public final class DefaultParser implements Parser {
    private final PacketEncoder encoder;
    private final DecodingContext decoding;

    private DefaultParser(ParserFactory.Settings settings) {
        this.encoder = PacketEncoder.of(settings.mapper());
        this.decoding = DecodingContext.of(settings.mapper(), settings.maxAttachments());
    }

    /** Makes one parser per server. */
    public static ParserFactory factory() {
        return DefaultParser::new;
    }

    @Override
    public PacketEncoder encoder() {
        return encoder;
    }

    @Override
    public DecodingContext newDecoders() {
        return decoding.forAnotherLoop();
    }
}
