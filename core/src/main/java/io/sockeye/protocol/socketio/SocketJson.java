package io.sockeye.protocol.socketio;

import java.util.List;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * The Jackson configuration that arguments are bound and written with unless the application brings its own mapper.
 *
 * <p>Thread-safe: without state.
 */
public final class SocketJson {
    /**
     * How deep arrays and objects of a packet may be nested, the packet's own array included. It is also the depth that a
     * Jackson mapper reads by default, so whatever has passed the decoder can be bound.
     */
    public static final int MAX_DEPTH = StreamReadConstraints.DEFAULT_MAX_DEPTH;

    private SocketJson() {}

    /**
     * A builder with these settings, to be added to:
     *
     * <ul>
     *   <li>unknown properties are ignored, so that clients may be newer than the server;
     *   <li>null for a primitive is an error;
     *   <li>nothing is coerced: a string is no number, a number no string, a fraction no integer;
     *   <li>{@code java.time} types are ISO 8601 text;
     *   <li>strings and property names may be as long as the payload limit lets them; a number may have
     *       {@value StreamReadConstraints#DEFAULT_MAX_NUM_LEN} characters.
     * </ul>
     */
    public static JsonMapper.Builder mapper() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .build();
        JsonFactory factory =
                JsonFactory.builder().streamReadConstraints(limits).build();
        return JsonMapper.builder(factory)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfig(LogicalType.Textual, textual -> {
                    for (CoercionInputShape shape :
                            List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                        textual.setCoercion(shape, CoercionAction.Fail);
                    }
                })
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS);
    }

    /** The mapper for those who bring none, made when first needed. */
    static JsonMapper defaultMapper() {
        return Default.MAPPER;
    }

    private static final class Default {
        static final JsonMapper MAPPER = mapper().build();
    }
}
