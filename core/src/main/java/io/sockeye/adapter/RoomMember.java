package io.sockeye.adapter;

import org.jspecify.annotations.Nullable;

/**
 * A socket in a room, on whatever node. Immutable.
 *
 * @param socketId the socket's id
 * @param userId the user whose socket it is; null when it is tied to none
 */
public record RoomMember(String socketId, @Nullable String userId) {}
