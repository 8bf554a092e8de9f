/**
 * WordNet as input: reading its database files, the text that is stored for a headword, inflections and near misses.
 * Nothing here knows a store or a terminal, so that the commands and the benchmarks share it.
 *
 * <h2>The value of a headword</h2>
 * UTF-8 text, one line for each sense, separated by a line feed, in WordNet's order: nouns, verbs, adjectives,
 * adverbs, and within each by how common the sense is.
 * <pre>
 *   value  = sense *( LF sense )
 *   sense  = pos SP words " | " gloss
 *   pos    = "n" | "v" | "a" | "r"               noun, verb, adjective, adverb
 *   words  = word *( ", " word )                 the synonym set, the headword among them, in their own spelling
 *   word   = text [ "(" marker ")" ]             marker: where an adjective may stand, "a" before a noun only,
 *                                                "p" predicate only, "ip" straight after a noun only
 *   gloss  = definition *( "; " example )        as in WordNet; an example is in double quotes
 * </pre>
 * No word of WordNet has a comma or a bar in it, so the line splits without escapes.
 * {@link org.mapcask.dict.EntryText} writes and parses it. The key is the headword in lower case, blanks where
 * WordNet writes underscores.
 */
package org.mapcask.dict;
