# tap.sh - how tests of the house answer; they read it by `.` once they know where the source is
number=0
report() { # report STATUS NAME
    number=$((number + 1))
    if [ "$1" = 0 ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
