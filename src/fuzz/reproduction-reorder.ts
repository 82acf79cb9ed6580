/**
 * The shell function that does to an archive's list what the harness did: `reorderList` in the language of awk.
 * It is not written down as a file, because the numbers in a list are those of one database.
 */
export const REORDER_FUNCTION = `# Swaps neighbours of one kind, but for the kind named, in a list of pg_restore where the second one does not need
# the first.
reorder() {
    awk -v fixed="\${1-}" '
        BEGIN {
            kinds = split("FK CONSTRAINT|TABLE DATA|SEQUENCE SET|FUNCTION|COMMENT|CONSTRAINT|TRIGGER|DEFAULT|INDEX|TABLE",
                          swappable, "|")
        }
        $0 == "" { next }
        /^[0-9]+; [0-9]+ [0-9]+ / {
            entries++
            lines[entries] = $0
            id[entries] = substr($0, 1, index($0, ";") - 1)
            needs[entries] = " "
            rest = $0
            sub(/^[0-9]+; [0-9]+ [0-9]+ /, "", rest)
            kind[entries] = kind_of(rest)
            next
        }
        entries == 0 { print; next }
        {
            lines[entries] = lines[entries] "\\n" $0
            if ($0 ~ /^;[ \\t]+depends on:[ 0-9]*$/) {
                rest = $0
                sub(/^.*depends on:/, "", rest)
                needs[entries] = needs[entries] rest " "
            }
        }
        END {
            for (at = 1; at <= entries; at++) {
                if (at < entries && kind[at] != "" && kind[at] != fixed && kind[at] == kind[at + 1] &&
                    index(needs[at + 1], " " id[at] " ") == 0) {
                    print lines[at + 1]
                    print lines[at]
                    at++
                } else {
                    print lines[at]
                }
            }
        }
        function kind_of(entry, which) {
            if (entry ~ /^(TABLE|INDEX) ATTACH /) return ""
            for (which = 1; which <= kinds; which++)
                if (index(entry, swappable[which] " ") == 1) return swappable[which]
            return ""
        }'
}`;
