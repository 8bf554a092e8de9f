package org.mapcask;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.format.RecordDescriptor;

/** Checks what callers pass, before anything of the store is touched. Static and stateless. */
final class Arguments {
    private Arguments() {
    }

    static byte[] utf8(final String name, final String text) {
        requirePresent(name, text);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i)) || i + 1 == text.length() ||
                    !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw new InvalidArgumentException(ErrorText.what(name + " is no text that UTF-8 can hold")
                        .where(argument(name)).expected("surrogates in pairs")
                        .found("an unpaired surrogate at index " + i)
                        .todo("pass it as byte[]"));
                }
                i++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void requirePresent(final String name, final Object argument) {
        if (argument == null) {
            throw new InvalidArgumentException(ErrorText.what(name + " is null").where(argument(name))
                .expected("a " + name).found("null").todo("pass one; to remove a key, call delete"));
        }
    }

    static void checkKey(final DirectBuffer buffer, final int offset, final int length) {
        checkRange("key", buffer, offset, length);
        checkKeyLength(length);
    }

    static void checkKeyLength(final int length) {
        final boolean isEmpty = length < RecordDescriptor.KEY_LENGTH_MIN;
        if (isEmpty || length > RecordDescriptor.KEY_LENGTH_MAX) {
            throw new InvalidArgumentException(ErrorText
                .what(isEmpty ? "key is empty" : "key is too long")
                .where(argument("key"))
                .expected(RecordDescriptor.KEY_LENGTH_MIN + " to " + RecordDescriptor.KEY_LENGTH_MAX + " bytes")
                .found(length + " bytes")
                .todo(isEmpty ? "pass a key of at least one byte" :
                    "use a shorter key, for example a hash of it, and keep the long one in the value"));
        }
    }

    static void checkValue(final DirectBuffer buffer, final int offset, final int length) {
        checkRange("value", buffer, offset, length);
        checkValueLength(length);
    }

    static void checkValueLength(final int length) {
        if (length > RecordDescriptor.VALUE_LENGTH_MAX) {
            throw new InvalidArgumentException(ErrorText.what("value is too long").where(argument("value"))
                .expected("0 to " + RecordDescriptor.VALUE_LENGTH_MAX + " bytes").found(length + " bytes")
                .todo("cut it into parts under keys of their own"));
        }
    }

    static void checkTimeToLive(final Duration timeToLive) {
        requirePresent("time to live", timeToLive);
        if (timeToLive.isNegative() || timeToLive.isZero()) {
            throw new InvalidArgumentException(ErrorText.what("time to live is over before it begins")
                .where(argument("time to live")).expected("more than nothing").found(timeToLive)
                .todo("pass a longer one, or call delete"));
        }
    }

    static void checkExpiry(final long expiresAtMs) {
        if (expiresAtMs <= 0) {
            throw new InvalidArgumentException(ErrorText.what("the time of expiry is none")
                .where(argument("time of expiry")).expected("milliseconds since 1970, more than 0").found(expiresAtMs)
                .todo("add a time to live to the time now, or pass NEVER"));
        }
    }

    static void checkRange(final String name, final DirectBuffer buffer, final int offset, final int length) {
        requirePresent(name, buffer);
        if (offset < 0 || length < 0 || offset > buffer.capacity() - length) {
            throw new InvalidArgumentException(ErrorText.what(name + " reaches beyond its buffer").where(argument(name))
                .expected("a range within 0 to " + buffer.capacity()).found("offset " + offset + ", length " + length)
                .todo("pass an offset and a length inside of the buffer"));
        }
    }

    static void requireWritable(final ByteBuffer destination) {
        requirePresent("destination", destination);
        if (destination.isReadOnly()) {
            throw readOnly(destination);
        }
    }

    /** A view of read-only memory must not pass: a store to a mapping for reading would end the JVM. */
    static void checkDestination(final MutableDirectBuffer buffer, final int offset, final int length) {
        checkRange("destination", buffer, offset, length);
        final ByteBuffer viewed = buffer.byteBuffer();
        if (viewed != null && viewed.isReadOnly()) {
            throw readOnly(viewed);
        }
    }

    private static String argument(final String name) {
        return "the argument " + name;
    }

    private static InvalidArgumentException readOnly(final ByteBuffer destination) {
        return new InvalidArgumentException(ErrorText.what("destination is a read-only buffer")
            .where(argument("destination")).expected("a buffer that can be written").found(destination)
            .todo("pass another buffer"));
    }
}
