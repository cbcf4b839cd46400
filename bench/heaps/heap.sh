# A bash process with arrays and variables full of text, to be dumped.
# Usage: heap.sh <file with one text path a line> <bytes>. Prints "ready", then waits for its stdin to close.
size=0
while read -r path && ((size < $2)); do
  mapfile -t lines < "$path"
  for line in "${lines[@]}"; do
    held+=("$line")
    ((size += 64 + ${#line}))
  done
done < "$1" 2> /dev/null # "ignored null byte in input"
echo ready
read -r
