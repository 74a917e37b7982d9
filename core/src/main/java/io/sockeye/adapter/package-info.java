/**
 * SPI for clusters: who is in which room, and how a broadcast reaches them.
 *
 * <p>Neighbours: used by {@code io.sockeye}; stands on {@code io.sockeye.protocol.socketio}. Works with socket ids, rooms
 * and packets, never with connections. Thread rule: adapters are thread-safe.
 */
@NullMarked
package io.sockeye.adapter;

import org.jspecify.annotations.NullMarked;
