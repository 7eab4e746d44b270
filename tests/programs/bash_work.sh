#!/bin/bash
# SPDX-License-Identifier: MIT
# Honest work for a shell: pipes, subshells, here-documents, jobs in the background, traps, and many
# short processes. The same output every time.
set -u
rm -rf bash_work
mkdir bash_work
cd bash_work || exit 1
directory=$PWD
trap 'echo "left with $?"' EXIT

seq 1 2000 | awk '{ print $1 % 7, $1 }' | sort -n -k1 -k2 | tail -n 3
seq 1 100 | while read -r number; do
	((number % 10)) || echo "tenth: $number"
done | wc -l

cat >words <<-END
	one two three
	four $((2 + 3)) six
END
while read -r first rest; do
	echo "$first of $(wc -w <<<"$rest")"
done <words

(
	cd /
	exec 3>"$directory/three"
	echo "from a subshell" >&3
	exit 3
)
echo "status $?: $(<three)"

for i in 1 2 3 4 5 6; do
	(
		sleep 0.0$i
		echo $((i * i)) >"square.$i"
	) &
	jobs+=($!)
done
for job in "${jobs[@]}"; do
	wait "$job" || echo "job failed"
done
cat square.*

sleep 60 &
sleep 0.1
kill $!
wait $!
echo "killed: $?"
(trap 'echo caught; exit 7' TERM; kill -TERM $BASHPID; sleep 60)
echo "status $?"

mkfifo pipe
sort -r <pipe >sorted &
printf '%s\n' b a c >pipe
wait $!
diff <(sort words) <(sort -r words | tac) && paste -sd, sorted
yes | head -n 1000 | cksum
echo "${PIPESTATUS[*]}"

declare -A count
for word in $(seq 1 3000); do
	count[$((word % 13))]+=x
done
for key in "${!count[@]}"; do
	echo "$key ${#count[$key]}"
done | sort -n | head -n 2
exit 5
