package org.mapcask;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.mapcask.errors.ErrorText;
import org.mapcask.errors.InvalidArgumentException;
import org.mapcask.errors.InvalidOptionsException;
import org.mapcask.errors.StoreIoException;

/**
 * The settings that were given for the options, by place: builder, file, system properties, overrides. A later place
 * wins over an earlier one, whatever the order of the calls. {@link #conclude()} checks them all together. Used by one
 * thread.
 */
final class OptionLayers {
    /** What stands before the name of an option in the name of its system property. */
    static final String SYSTEM_PREFIX = "mapcask.";

    /** An unknown system property this near to an option is taken for a mistyped one. */
    private static final int TYPING_ERRORS_MAX = 2;
    private static final String BY_NAME = "an option given by name";

    private final Map<Option, Setting> fromBuilder = new EnumMap<>(Option.class);
    private final Map<Option, Setting> fromFile = new EnumMap<>(Option.class);
    private final Map<Option, Setting> fromSystem = new EnumMap<>(Option.class);
    private final Map<Option, Setting> overrides = new EnumMap<>(Option.class);
    private final List<String> nameFaults = new ArrayList<>();

    /** A value as it was given, a text or a typed value, and the place it came from. */
    private record Setting(Object given, String where) {
    }

    void fromBuilder(final Option option, final Object value) {
        fromBuilder.put(option, new Setting(value, "builder"));
    }

    /**
     * Takes each line of a properties file in UTF-8.
     *
     * @throws StoreIoException if the file cannot be read.
     * @throws InvalidArgumentException if it is null.
     */
    void fromFile(final Path file) {
        if (file == null) {
            throw new InvalidArgumentException(ErrorText.what("no options file").where("MapcaskOptions")
                .expected("the path of a properties file").found("null").todo("pass a path, or do not ask for a file"));
        }
        final Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (final IOException | IllegalArgumentException e) {
            throw new StoreIoException(ErrorText.what("options file cannot be read").where(file)
                .expected("a properties file in UTF-8").found(e)
                .todo("check that the file is there, is readable, and holds lines of the form name=value"), e);
        }
        for (final String name : new TreeSet<>(properties.stringPropertyNames())) {
            final Option option = Option.find(name);
            if (option == null) {
                nameFaults.add(unknown(name + "=" + properties.getProperty(name), name, "file " + file));
            } else {
                fromFile.put(option, new Setting(properties.getProperty(name).trim(), "file " + file));
            }
        }
    }

    /**
     * Takes the properties named {@code mapcask.<option>}. Other names with this prefix are passed over unless they
     * look mistyped.
     */
    void fromSystem(final Properties properties) {
        for (final String property : new TreeSet<>(properties.stringPropertyNames())) {
            if (!property.startsWith(SYSTEM_PREFIX)) {
                continue;
            }
            final String name = property.substring(SYSTEM_PREFIX.length());
            final String where = "system property " + property;
            final Option option = Option.find(name);
            if (option != null) {
                fromSystem.put(option, new Setting(properties.getProperty(property).trim(), where));
            } else if (Option.nearest(name).distance(name) <= TYPING_ERRORS_MAX) {
                nameFaults.add(unknown(property + "=" + properties.getProperty(property), name, where));
            }
        }
    }

    /** Takes one setting by name, as a text. */
    void override(final String name, final String value) {
        final Option option = Option.find(name);
        if (option == null) {
            nameFaults.add(unknown(name + "=" + value, String.valueOf(name), BY_NAME));
        } else {
            overrides.put(option, new Setting(value == null ? null : value.trim(), BY_NAME));
        }
    }

    /**
     * One allowed value for every option.
     *
     * @throws InvalidOptionsException with every fault of the settings in force, and every unknown name.
     */
    Map<Option, Object> conclude() {
        final Map<Option, Setting> given = new EnumMap<>(fromBuilder);
        given.putAll(fromFile);
        given.putAll(fromSystem);
        given.putAll(overrides);

        final List<String> faults = new ArrayList<>(nameFaults);
        final Map<Option, Object> values = new EnumMap<>(Option.class);
        given.forEach((option, setting) -> {
            final Object value = value(option, setting, faults);
            if (value != null) {
                values.put(option, value);
            }
        });
        checkAgainstEachOther(given, values, faults);
        if (!faults.isEmpty()) {
            throw new InvalidOptionsException(faults);
        }

        for (final Option option : Option.values()) {
            values.putIfAbsent(option, defaultValue(option, values));
        }
        return values;
    }

    /** The default, fitted to those options that it depends on; these stand before it in the table. */
    private static Object defaultValue(final Option option, final Map<Option, Object> values) {
        return switch (option) {
            case PREFAULT_WINDOW -> Math.min((Long)option.defaultValue(), (Long)values.get(Option.SEGMENT_LENGTH));
            case CREATE_IF_MISSING -> !(Boolean)values.get(Option.READ_ONLY);
            default -> option.defaultValue();
        };
    }

    private static Object value(final Option option, final Setting setting, final List<String> faults) {
        final OptionType type = option.type();
        final Object given = setting.given();
        try {
            final Object value = given instanceof final String text ? type.parse(text) : given;
            if (value != null && type.allows(value)) {
                return value;
            }
        } catch (final IllegalArgumentException ignored) {
            // a text of another form: told as a fault like a value out of range
        }
        final Object shown = given == null || given instanceof String ? given : type.format(given);
        faults.add(ErrorText.what(option.optionName() + "=" + shown + " is not allowed").where(setting.where())
            .expected(type.allowed()).found(shown)
            .todo("correct it there, or leave it out to get " + type.format(option.defaultValue())));
        return null;
    }

    private static void checkAgainstEachOther(
        final Map<Option, Setting> given, final Map<Option, Object> values, final List<String> faults) {
        final Object window = values.get(Option.PREFAULT_WINDOW);
        final Object segment = given.containsKey(Option.SEGMENT_LENGTH) ?
            values.get(Option.SEGMENT_LENGTH) : Option.SEGMENT_LENGTH.defaultValue();
        if (window != null && segment != null && (Long)window > (Long)segment) {
            final String segmentText = OptionType.sizeText((Long)segment);
            final String windowText = OptionType.sizeText((Long)window);
            faults.add(ErrorText.what("prefaultWindow=" + windowText + " is larger than segmentLength=" + segmentText)
                .where(given.get(Option.PREFAULT_WINDOW).where())
                .expected("0 to " + segmentText).found(windowText)
                .todo("make the window smaller or the segments longer"));
        }
        checkKeydirMemory(given, values, faults);
        if (Boolean.TRUE.equals(values.get(Option.READ_ONLY))
            && Boolean.TRUE.equals(values.get(Option.CREATE_IF_MISSING))) {
            faults.add(ErrorText.what("createIfMissing=true together with readOnly=true")
                .where(given.get(Option.CREATE_IF_MISSING).where())
                .expected("createIfMissing=false, since a store that is open for reading changes no file").found("true")
                .todo("leave one of the two out"));
        }
        if (Boolean.TRUE.equals(values.get(Option.SALVAGE_READ_ONLY))
            && Boolean.FALSE.equals(values.get(Option.READ_VERIFY))) {
            faults.add(ErrorText.what("readVerify=false together with salvageReadOnly=true")
                .where(given.get(Option.READ_VERIFY).where())
                .expected("readVerify=true, since the files may be damaged").found("false")
                .todo("leave one of the two out"));
        }
    }

    private static void checkKeydirMemory(
        final Map<Option, Setting> given, final Map<Option, Object> values, final List<String> faults) {
        final Object memory = values.get(Option.KEYDIR_MEMORY);
        if (memory == null || (Long)memory == 0) {
            return;
        }
        final long most = KeydirSettings.machineMemory();
        if ((Long)memory < KeydirSettings.MEMORY_MIN || (Long)memory > most) {
            final String shown = OptionType.sizeText((Long)memory);
            faults.add(ErrorText.what("keydirMemory=" + shown + " is not allowed")
                .where(given.get(Option.KEYDIR_MEMORY).where())
                .expected("0, or " + OptionType.sizeText(KeydirSettings.MEMORY_MIN) + " to the memory of this machine, "
                    + OptionType.sizeText(most)).found(shown)
                .todo("correct it there, or leave it out to get a quarter of the machine's memory"));
        }
    }

    private static String unknown(final String shown, final String name, final String where) {
        final String bare = name.startsWith(SYSTEM_PREFIX) ? name.substring(SYSTEM_PREFIX.length()) : name;
        final Option nearest = Option.nearest(bare);
        return ErrorText.what(shown + " is not an option").where(where)
            .expected("the name of an option"
                + (nearest.isNear(bare) ? ", such as the nearest, " + nearest.optionName() : "")).found(name)
            .todo("correct the name or take the line out; explain lists all names");
    }
}
