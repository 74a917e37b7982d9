package io.sockeye.protocol.socketio;

import tools.jackson.core.JsonGenerator;

/**
 * JSON that has no attachments: binary data stands in it as {@code JSON.stringify} writes a Node.js Buffer, {@code
 * {"type":"Buffer","data":[1,2,3]}}.
 *
 * <p>Confined to its caller.
 */
final class InlineJsonOutput extends JsonOutput {
    private boolean binary;

    InlineJsonOutput(int capacity) {
        super(capacity, /* compressible= */ true);
    }

    /** Whether binary data has been written. */
    boolean hasBinary() {
        return binary;
    }

    @Override
    void binary(byte[] data) {
        binary = true;
        text("{\"type\":\"Buffer\",\"data\":[");
        for (int i = 0; i < data.length; i++) {
            if (i > 0) {
                ascii(',');
            }
            number(data[i] & 0xffL);
        }
        text("]}");
    }

    /** Writes binary data within a value that Jackson writes. */
    void writeBinary(JsonGenerator json, byte[] data) {
        binary = true;
        json.writeStartObject();
        json.writeName("type");
        json.writeString("Buffer");
        json.writeName("data");
        json.writeStartArray();
        for (byte each : data) {
            json.writeNumber(each & 0xff);
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
