/**
 * What both protocols share: the one exception that bytes of a peer may raise.
 *
 * <p>Neighbours: nothing below; used by everything above. Thread rule: immutable values only.
 */
@NullMarked
package io.sockeye.protocol;

import org.jspecify.annotations.NullMarked;
