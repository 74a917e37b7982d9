package io.sockeye.protocol.socketio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import tools.jackson.core.Base64Variant;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.util.JsonGeneratorDelegate;

/**
 * A Jackson generator that writes binary data as a placeholder and an attachment, wherever in a value it comes, and numbers as
 * JavaScript writes them.
 *
 * <p>Confined to its caller.
 */
final class AttachmentGenerator extends JsonGeneratorDelegate {
    private final JsonOutput output;

    /** A generator that writes through another one, whose target the output is. */
    AttachmentGenerator(JsonGenerator json, JsonOutput output) {
        super(json, /* delegateCopyMethods= */ false);
        this.output = output;
    }

    @Override
    public JsonGenerator writeBinary(Base64Variant variant, byte[] data, int offset, int length) {
        binary(Arrays.copyOfRange(data, offset, offset + length));
        return this;
    }

    @Override
    public int writeBinary(Base64Variant variant, InputStream data, int length) {
        try {
            byte[] bytes = length < 0 ? data.readAllBytes() : data.readNBytes(length);
            binary(bytes);
            return bytes.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public JsonGenerator writeEmbeddedObject(Object value) {
        if (value instanceof byte[] data) {
            binary(data);
            return this;
        }
        return super.writeEmbeddedObject(value);
    }

    private void binary(byte[] data) {
        if (output instanceof InlineJsonOutput inline) {
            inline.writeBinary(delegate, data);
            return;
        }
        int num = output.attach(data);
        delegate.writeStartObject();
        delegate.writeName("_placeholder");
        delegate.writeBoolean(true);
        delegate.writeName("num");
        delegate.writeNumber(num);
        delegate.writeEndObject();
    }

    @Override
    public JsonGenerator writeNumber(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            delegate.writeNull();
        } else {
            delegate.writeNumber(JsNumber.text(value));
        }
        return this;
    }

    @Override
    public JsonGenerator writeNumber(float value) {
        if (Float.isNaN(value) || Float.isInfinite(value)) {
            delegate.writeNull();
        } else {
            delegate.writeNumber(JsNumber.text(value));
        }
        return this;
    }

    @Override
    public JsonGenerator writeArray(double[] values, int offset, int length) {
        delegate.writeStartArray();
        for (int i = offset; i < offset + length; i++) {
            writeNumber(values[i]);
        }
        delegate.writeEndArray();
        return this;
    }
}
