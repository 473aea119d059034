# simulate: single runs, tables and users' mechanisms against analytic and reference solutions; wrong inputs.
. "$(dirname "$0")/expect.sh"

# near FILE ROW COLUMN VALUE TOLERANCE: a field of a comma-separated file.
near() {
    checks=$((checks + 1))
    if ! awk -F, -v row="$2" -v column="$3" -v value="$4" -v tolerance="$5" 'NR == row {
        d = $column - value; found = 1
        if (d > tolerance || d < -tolerance) { print "  is " $column ", expected " value; exit 1 } }
        END { if (!found) exit 1 }' "$1"; then
        echo "FAILED: $1, row $2, column $3"
        failures=$((failures + 1))
    fi
}

expect 0 '^t,S,P,cat,catS,inactive$' "$MECHANIST" simulate M9 --k 1.93,0.328,2.18,0.826,0.032 --cat0 0.034
holds "101 times by default" test "$(wc -l <stdout)" -eq 102
cp stdout batch.csv
expect 0 '^100,' "$MECHANIST" simulate M9 --k 1.93,0.328,2.18,0.826,0.032 --cat0 0.034 --solver cvode --rtol 1e-10 --atol 1e-14
cp stdout cvode.csv
for row in 2 10 50 102; do
    for column in 1 2 3 4 5 6; do
        near batch.csv $row $column "$(sed -n ${row}p cvode.csv | cut -d, -f$column)" 1e-5
    done
done

# Without substrate and product the free catalyst of M9 dies as exp(-k3 t).
holds "simulate writes a file" "$MECHANIST" simulate M9 --k 1,1,1,1,0.05 --cat0 0.5 --s0 0 --t-end 20 --points 5 -o decay.csv --rtol 1e-9
near decay.csv 3 4 0.3894003915357025 1e-6
near decay.csv 6 4 0.1839397205857212 1e-6
near decay.csv 6 1 20 0

# A user's mechanism: S -> P on cat with rate k [cat][S], so that S falls as exp(-k cat0 t).
printf 'cat + S -> cat + P : k1\n' >user.txt
holds "simulate writes a file" "$MECHANIST" simulate --mechanism-file user.txt --k 2 --cat0 0.05 --t-end 10 --points 3 -o user.csv
near user.csv 1 1 0 1
near user.csv 3 2 0.6065306597126334 2e-6
near user.csv 4 3 0.6321205588285577 2e-6

# Additives start as the network says, or as --start says.
expect 0 '^0,1,0,0.01,0,1$' "$MECHANIST" simulate M4 --k 1,1,1,1 --cat0 0.01
expect 0 '^0,1,0,0.01,0,0.25$' "$MECHANIST" simulate M4 --k 1,1,1,1 --cat0 0.01 --start X=0.25
expect 0 '^0,0.5,0.125,0.01,0.001,0$' "$MECHANIST" simulate M4 --k 1,1,1,1 --cat0 0.01 --s0 0.5 --p0 0.125 --start catS=0.001,X=0
expect 0 '"mechanism": "M4"' "$MECHANIST" simulate M4 --k 1,1,1,1 --cat0 0.01 --json

cat >table.csv <<'TABLE'
id,mechanism,theta1,theta2,theta3,theta4,theta5,theta6,s0,p0,cat0,t_end,points
b,M9,1,1,1,1,0.05,,1,0,0.5,20,3

a,M1,1,1,1,1,,,1,0,0.5,20,3
"c, ""d""",m9,1,1,1,1,0.05,,1,0,0.5,20,3
TABLE
holds "simulate writes a file" "$MECHANIST" simulate --table table.csv -o out.csv
holds "rows come in the order of the table" test "$(cut -d, -f1 out.csv | uniq | tr '\n' ' ')" = 'id b a "c '
holds "equal rows have equal solutions" test "$(sed -n 4p out.csv | cut -d, -f2-)" = "$(sed -n 10p out.csv | cut -d, -f3-)"
holds "ids are quoted where they must be" grep -q '^"c, ""d""",10,' out.csv
holds "simulate writes a file" "$MECHANIST" simulate --table table.csv --threads 3 -o threads.csv
holds "the number of threads changes nothing" cmp -s out.csv threads.csv
expect 0 '^id,t,S,P$' sh -c '"$MECHANIST" simulate --table - <table.csv'
expect 0 '"id": "a", "mechanism": "M1", "t": \[0.0, 10.0, 20.0\]' "$MECHANIST" simulate --table table.csv --json
{ printf '\357\273\277'; sed 's/$/\r/' table.csv; } >windows.csv
holds "simulate writes a file" "$MECHANIST" simulate --table windows.csv -o windows-out.csv
holds "byte order mark and CRLF change nothing" cmp -s out.csv windows-out.csv
"$MECHANIST" simulate M9 --k 1,1,1,1,0.05 --cat0 0.5 --t-end 20 --points 3 >single.csv
holds "a row is the single run's S and P" test "$(sed -n 4p out.csv | cut -d, -f2-)" = "$(sed -n 4p single.csv | cut -d, -f1-3)"
printf 'id,mechanism,theta1,s0,p0,cat0,t_end,points\n1,user,2,1,0,0.05,10,3\n' >own.csv
expect 0 '^1,10,0\.3678' "$MECHANIST" simulate --mechanism-file user.txt --table own.csv

if [ -f "${SHARED_DIR:-none}/reference/trajectories-in.csv" ]; then
    for solver in batch cvode; do
        holds "simulate writes a file" "$MECHANIST" simulate --table "$SHARED_DIR/reference/trajectories-in.csv" --solver $solver -o reference.csv
        # CVODE's error at these tolerances is its own affair; the batched solver is held to 1e-5.
        tolerance=1e-5
        [ $solver = cvode ] && tolerance=1e-4
        holds "$solver agrees with the reference trajectories within $tolerance" sh -c '
            paste -d, reference.csv "$1" | awk -F, -v tolerance="$2" "
                NR > 1 { if (\$1 != \$5) exit 1
                         for (c = 2; c <= 4; c++) { d = \$c - \$(c + 4); if (d > tolerance || d < -tolerance) exit 1 } }
                END { if (NR < 16161) exit 1 }"' sh "$SHARED_DIR/reference/trajectories-expected.csv" $tolerance
    done
else
    echo "the reference trajectories are absent: the comparison is skipped"
fi

# bad_table MESSAGE LINE...: a table with these lines is refused with this message.
bad_table() {
    message=$1
    shift
    printf '%s\n' "$@" >bad.csv
    refuse 1 "^mechanist: bad.csv$message\$" "$MECHANIST" simulate --table bad.csv -o none.csv
    holds "nothing is written for a bad table" test ! -e none.csv
}
header=id,mechanism,theta1,theta2,theta3,theta4,theta5,s0,p0,cat0,t_end,points
bad_table ": the table is empty; expected a header" ""
bad_table ":1: the header lacks a column 'points'; expected it" "${header%,points}"
bad_table ":1: there is no column 'x'; expected id, mechanism, theta1, theta2, ..., s0, p0, cat0, t_end, points" "$header,x"
bad_table ":1: a second column 'S0'; expected each once" "$header,S0"
bad_table ":3: the line has 3 fields; expected 12 as in the header" "$header" "1,M1,1,1,1,1,,1,0,0.1,10,3" "1,M1,2"
bad_table ":2: column 'mechanism': there is no mechanism 'M21'; expected M1 to M20" "$header" "1,M21,1,1,1,1,,1,0,0.1,10,3"
bad_table ":2: column 'theta1': not a value: 'one'; expected a number from 0 on" "$header" "1,M1,one,1,1,1,,1,0,0.1,10,3"
bad_table ":2: column 'theta2': not a value: '-1'; expected a number from 0 on" "$header" "1,M1,1,-1,1,1,,1,0,0.1,10,3"
bad_table ":2: column 'theta5': rate constant is missing: 'k3'; expected 5 rate constants" "$header" "1,M9,1,1,1,1,,1,0,0.1,10,3"
bad_table ":2: column 'theta5': a rate constant more than the mechanism has: '1'; expected 4 rate constants" "$header" "1,M1,1,1,1,1,1,1,0,0.1,10,3"
bad_table ":2: column 's0': not a value: 'nan'; expected a number from 0 on" "$header" "1,M1,1,1,1,1,,nan,0,0.1,10,3"
bad_table ":2: column 't_end': not a value: '0'; expected a number above 0" "$header" "1,M1,1,1,1,1,,1,0,0.1,0,3"
bad_table ":2: column 'points': not a number of points: '1'; expected a whole number from 2 to 1000000" "$header" "1,M1,1,1,1,1,,1,0,0.1,10,1"
bad_table ":2: column 'id': the id is empty; expected one" "$header" ",M1,1,1,1,1,,1,0,0.1,10,3"
bad_table ":2: column 'id': a quote is not closed or text follows it; expected a field" "$header" '"1,M1,1,1,1,1,,1,0,0.1,10,3'
bad_table ":3: column 'id': the id is not UTF-8; expected text" "$header" "1,M1,1,1,1,1,,1,0,0.1,10,3" "$(printf '\351'),M1,1,1,1,1,,1,0,0.1,10,3"
bad_table ":2: column 'points': not a number of points: '1e9'; expected a whole number from 2 to 1000000" "$header" "1,M1,1,1,1,1,,1,0,0.1,10,1e9"
head -c 1000 /dev/zero >zeros.csv
refuse 1 'zeros.csv: holds a NUL byte' "$MECHANIST" simulate --table zeros.csv
refuse 1 'none.csv' "$MECHANIST" simulate --table none.csv
refuse 1 "no mechanism of the table has a species 'Y'" "$MECHANIST" simulate --table table.csv --start Y=1
refuse 1 "failing.csv:5: id 'c, \"d\"': the solver failed" sh -c 'sed "s/^b,M9/b,M9/; 5s/20,3/1e300,3/; 5s/m9,1,1/m9,1e308,1e308/" table.csv >failing.csv
    "$MECHANIST" simulate --table failing.csv -o none.csv'
holds "nothing is written where a run failed" sh -c '! ls none.csv*'
for solver in batch cvode; do
    refuse 1 '^mechanist: M1: the solver failed before t = 1e\+300' "$MECHANIST" simulate M1 --k 1e308,1e308,1,1 --cat0 1 \
        --t-end 1e300 --solver $solver -o none.csv
done
holds "nothing is written where the single run failed" sh -c '! ls none.csv*'
refuse 1 'cannot be written' "$MECHANIST" simulate --table table.csv -o none/out.csv
refuse 1 'bad.txt:1:9' sh -c 'echo "cat + S : k1" >bad.txt; "$MECHANIST" simulate --mechanism-file bad.txt --k 1 --cat0 1'

single="simulate M1 --k 1,1,1,1 --cat0 0.1"
refuse 2 'expected an ID, --mechanism-file FILE or --table FILE' "$MECHANIST" simulate --k 1
refuse 2 '--k is missing' "$MECHANIST" simulate M1
refuse 2 '--cat0 is missing' "$MECHANIST" simulate M1 --k 1,1,1,1
refuse 2 "--k takes 4 numbers from 0 on for M1, not '1,1'" "$MECHANIST" simulate M1 --k 1,1 --cat0 0.1
refuse 2 "--k takes 4 numbers from 0 on for M1, not '1,1,1,-1'" "$MECHANIST" simulate M1 --k 1,1,1,-1 --cat0 0.1
refuse 2 "there is no mechanism 'M0'" "$MECHANIST" simulate M0 --k 1 --cat0 0.1
# shellcheck disable=SC2086
{
    refuse 2 '--points takes' "$MECHANIST" $single --points 1
    refuse 2 '--points takes' "$MECHANIST" $single --points 0
    refuse 2 '--t-end takes' "$MECHANIST" $single --t-end 0
    refuse 2 '--s0 takes' "$MECHANIST" $single --s0 -1
    refuse 2 '--p0 takes' "$MECHANIST" $single --p0 -1
    refuse 2 '--rtol takes' "$MECHANIST" $single --rtol 0
    refuse 2 '--atol takes' "$MECHANIST" $single --atol -1
    refuse 2 "--solver takes batch or cvode, not 'lsoda'" "$MECHANIST" $single --solver lsoda
    refuse 2 "M1 has no species 'X'" "$MECHANIST" $single --start X=1
    refuse 2 "not 'X'" "$MECHANIST" $single --start X
    refuse 2 "not 'X=-1'" "$MECHANIST" $single --start X=-1
    refuse 2 'exclude each other' "$MECHANIST" $single --table table.csv
}
refuse 2 'are columns of the table' "$MECHANIST" simulate --table table.csv --points 5
(
    ulimit -f 8
    refuse 1 'cannot be written' "$MECHANIST" simulate M1 --k 1,1,1,1 --cat0 0.1 --points 10000 -o large.csv
    holds "a full disk leaves no part of a file" test -z "$(ls large.csv* 2>/dev/null)"
    [ "$failures" = 0 ]
) || failures=$((failures + 1))
finish
