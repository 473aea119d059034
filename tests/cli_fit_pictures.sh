# fit: what is drawn and written beside the answer.
. "$(dirname "$0")/expect.sh"
iron=$SOURCE_DIR/examples/iron-cycloisomerization.csv

# desc FILE.svg: all words of a figure, which Cairo draws as shapes.
desc() { sed -n 's,.*<desc>\(.*\)</desc>.*,\1,p; /<desc>/,/<\/desc>/p' "$1"; }
# says WORDS FILE: the figure holds these words.
says() { holds "$2 says '$1'" sh -c 'grep -qF -- "$1" "$2"' - "$1" "$2.words"; }

expect 0 'M6' "$MECHANIST" fit "$iron" --among M6,M8 --fast --figure all.svg --pairs pairs.svg --report page.html
for figure in all.svg pairs.svg; do desc $figure >$figure.words; done
for words in '[S] read' 'M6 with 95 % band' 'active catalyst, all mechanisms, 95 % band' 'residual / %' 'active / %' \
    concentration 'ln evidence, less the highest' 'residual: reading less curve of the first mechanism' \
    'iron-cycloisomerization.csv'; do
    says "$words" all.svg
done
holds "a cell for each of four runs" test "$(grep -o 'cat [0-9.]* mol %' all.svg.words | sort -u | wc -l)" = 4
for words in 'conc' 'density of pairs' determined; do says "$words" pairs.svg; done
holds "the page is whole" grep -q '</html>' page.html
holds "it loads nothing" sh -c '! grep -Eq "<script|<link|src=|url\(http" page.html'
holds "minus one is set low" grep -q 'k<sub>−1</sub>' page.html
holds "both widths are there" test "$(grep -c 'figure class="\(broad\|narrow\)"' page.html)" = 2

# One run, with units; and as PDF and PNG.
cat >one.csv <<'ONE'
time (min),[S] (mM),catalyst (mM)
0,100,2
2,88,2
5,72,2
10,51,2
20,25,2
30,12,2
45,4.2,2
60,1.4,2
ONE
expect 0 'M1' "$MECHANIST" fit one.csv --among M1,M9 --fast --figure one.svg --pairs one.PDF
desc one.svg >one.svg.words
says 'time / min' one.svg
says 'concentration / mM' one.svg
says '[S]' one.svg
expect 0 'M1' "$MECHANIST" fit one.csv --among M1 --fast --figure one.png
holds "a PDF" sh -c 'head -c 5 one.PDF | grep -q %PDF- && tail -c 8 one.PDF | grep -q %%EOF'
holds "a PNG" test "$(head -c 8 one.png | od -An -tx1 | tr -d ' \n')" = 89504e470d0a1a0a

# What cannot be is refused before anything is computed, and nothing is left behind.
refuse 2 'expected .svg, .pdf or .png' "$MECHANIST" fit one.csv --figure one.gif
refuse 2 'pairs takes a file' "$MECHANIST" fit one.csv --pairs -
refuse 2 'figure goes with one experiment, not with 2 files' "$MECHANIST" fit "$iron" "$iron" --figure two.svg
refuse 2 'are one file' "$MECHANIST" fit one.csv --figure same.svg --report ./same.svg
refuse 1 'nowhere' "$MECHANIST" fit one.csv --among M1 --fast --figure half.svg --report nowhere/page.html
holds "all or none" test ! -e half.svg

# What was known before.
printf 'M9 0\n' >odds.txt
expect 0 'M9 +0\.0 %' "$MECHANIST" fit one.csv --among M1,M9 --fast --prior-odds odds.txt
printf 'M1 1\nM12 3\n' >odds.txt
refuse 1 'odds.txt:2: no mechanism M12 is fitted' "$MECHANIST" fit one.csv --among M1,M9 --prior-odds odds.txt
finish
