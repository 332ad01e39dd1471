#!/usr/bin/env bash
# The launcher, with stand-ins for everything it calls (apt-get, cmake, ninja, ...): what it
# installs, when it asks again, what it says, and that stdout and the arguments are the program's.
# shellcheck disable=SC2016  # the stand-ins are programs in quotes
set -uo pipefail

source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# ---- stand-ins: they log their calls and keep their state in $work/state ------------------------

stand_in() {  # stand_in NAME: an executable of that name, its body from stdin
  { printf '#!/bin/bash\nstate=%q\nprintf "%%s\\n" "%s $*" >>"$state/calls"\n' "$work/state" "$1"
    cat; } >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

fresh() {  # a bare system: no packages, nothing built
  rm -rf "${work:?}"/*
  mkdir -p "$work/bin" "$work/state" "$work/tree" "$work/elsewhere"
  touch "$work/state/installed" "$work/state/calls"
  cp "$source_dir/nabla" "$source_dir/CMakePresets.json" "$work/tree"
  local tool
  for tool in bash cat chmod cp dirname env flock g++ grep head mkdir mv nproc readlink rm sed \
    sleep sort tail touch; do
    ln -s "$(command -v "$tool")" "$work/bin/$tool"
  done
  stand_in id <<<'cat "$state/uid" 2>/dev/null || echo 0'
  stand_in dpkg-query <<<'grep -qx "${!#}" "$state/installed" && echo installed'
  stand_in apt-cache <<'END'
[[ -e $state/listless ]] || for package in "${@:2}"; do echo "  Candidate: 1.0"; done
END
  stand_in apt-get <<'END'
[[ $* == *update ]] && { rm -f "$state/stale" "$state/listless"; exit; }
[[ -e $state/offline || -e $state/stale ]] && { echo "E: Failed to fetch" >&2; exit 100; }
printf '%s\n' "$@" >>"$state/installed"
END
  stand_in cmake <<'END'
mkdir -p "build/$2"
for argument; do
  [[ $argument == -D*=ON ]] && { argument=${argument#-D}; echo "${argument%=ON}:BOOL=ON"; }
done >"build/$2/CMakeCache.txt"
echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >>"build/$2/CMakeCache.txt"
grep -qx libeigen3-dev "$state/installed" || { echo "CMake Error: no Eigen3" >&2; exit 1; }
touch "build/$2/build.ninja"
END
  stand_in ninja <<'END'
if [[ -e $state/slow ]]; then echo begin >>"$state/builds"; sleep 0.3; echo end >>"$state/builds"; fi
echo "ninja: Entering directory"
echo "[1/4] Asking git for the commit"
[[ -e $2/bin/nabla ]] || echo "[2/4] Building a.o"
if [[ -e $state/broken ]] || ! grep -qx libeigen3-dev "$state/installed"; then
  printf 'FAILED: b.o\ng++ -long -command -line b.cc\nb.cc:1:1: error: nonsense\n'
  echo "ninja: build stopped: subcommand failed."
  exit 1
fi
mkdir -p "$2/bin"
printf '#!/bin/bash\nprintf "<%%s>" "$@"; echo " in $PWD"; exit 7\n' >"$2/bin/nabla"
chmod +x "$2/bin/nabla"
END
  stand_in ctest <<<'echo "100% tests passed"'
}

nabla() {  # nabla ARGUMENT...: sets out, err, code, calls
  : >"$work/state/calls"
  out=$(cd "$work/elsewhere" && PATH=$work/bin CI=${ci-} "$work/tree/nabla" "$@" 2>"$work/err")
  code=$?
  err=$(<"$work/err")
  calls=$(<"$work/state/calls")
}

check() {  # check DESCRIPTION ACTUAL PATTERN: the text matches the glob
  # shellcheck disable=SC2053  # a pattern it is
  [[ $2 == $3 ]] && return
  printf 'FAILED %s\n  wanted: %s\n  found:  %s\n' "$1" "$3" "$2"
  failures=$((failures + 1))
}

check_not() {  # check_not DESCRIPTION ACTUAL PATTERN
  # shellcheck disable=SC2053
  [[ $2 != $3 ]] && return
  printf 'FAILED %s\n  unwanted: %s\n  in:       %s\n' "$1" "$3" "$2"
  failures=$((failures + 1))
}

# ---- the promises -------------------------------------------------------------------------------

fresh
nabla evaluate 'a b' '' --json
check 'stdout is the program'"'"'s from the first call on' "$out" \
  "<evaluate><a b><><--json> in $work/elsewhere"
check 'the exit code is the program'"'"'s' "$code" 7
check 'it says what it installs and why' "$err" '*libeigen3-dev * vectors and matrices*'
check 'it installs what is missing in one call' "$calls" \
  '*apt-get * install -y --no-install-recommends libeigen3-dev *json3-dev*'
check_not 'the program alone needs no test framework' "$calls" '*catch2*'
check_not 'and no MPI' "$calls" '*openmpi*'
check_not 'known packages need no update' "$calls" '*apt-get update*'
check 'the program alone is built' "$calls" "*ninja -C $work/tree/build/release nabla*"

nabla evaluate
check 'a warm start calls ninja and nothing else' "$calls" \
  "ninja -C $work/tree/build/release nabla"
check 'a warm start is silent' "$err" ''

nabla test -- -R 'a b'
check 'the tests need their own packages' "$calls" '*apt-get * install * catch2*'
check 'the tests are configured' "$calls" '*cmake --preset release -DNABLA_TESTS=ON*'
check 'learning tests are left out' "$calls" '*ctest *--output-on-failure* -LE learning|examples -R a b*'
check 'stdout is that of ctest' "$out" '100% tests passed'
check 'the exit code is that of ctest' "$code" 0
nabla test --all
check_not 'except with --all' "$calls" '*learning*'
check_not 'what is configured stays so' "$calls" '*cmake*'
nabla test --preset tsan
check 'a preset has its own folder' "$calls" "*cmake --preset tsan*ninja -C $work/tree/build/tsan*"
nabla test --preset fast
check 'an unknown preset is an error' "$code $err" "2 *'fast'; known: release, debug, *"
nabla test --fast
check 'an unknown option is an error' "$code $err" "2 *'--fast'*"
ci=true nabla test
check 'warnings are errors in CI' "$calls" '*cmake *-DNABLA_WERROR=ON*'

sed -i '/libeigen3-dev/d' "$work/state/installed"
nabla list
check 'a package that has gone is installed again' "$calls" '*apt-get * libeigen3-dev*cmake*ninja*'
check 'and the program runs' "$code $out" '7 <list> *'

touch "$work/state/broken"
nabla train
check 'a failing build ends with 1 and shows the error' "$code $err" '1 *b.cc:1:1: error: nonsense*'
check_not 'and not the command line' "$err" '*-long -command*'
check 'and nothing on stdout' "$out" ''
rm "$work/state/broken"

mkdir "$work/other"
sed -i "s|INTERNAL=.*|INTERNAL=$work/other|" "$work/tree/build/release/CMakeCache.txt"
nabla list
check 'a tree that was moved is built anew' "$code $err" '7 *building again*configuring*'

fresh
OMPI_COMM_WORLD_SIZE=2 nabla experiment e.yaml
check 'started by mpirun, it needs MPI' "$calls" \
  '*apt-get * install * libopenmpi-dev *cmake * -DNABLA_MPI=ON*'

fresh
touch "$work/state/listless"
nabla list
check 'absent package lists are fetched' "$code $calls" '7 *apt-get update*install*ninja*'
check_not 'before anything is installed' "$calls" '*install*apt-get update*'

fresh
touch "$work/state/stale"
nabla list
check 'stale package lists are renewed' "$code $calls" '7 *install*apt-get update*install*ninja*'

fresh
touch "$work/state/offline"
nabla list
check 'apt-get without network: what to run, exit 1' "$code $err" \
  '1 *E: Failed to fetch*Try as root: apt-get update && *'

fresh
echo 1000 >"$work/state/uid"
nabla list
check 'without root and sudo: what to run, exit 2' "$code $err" \
  '2 *As root, run: apt-get update && apt-get install *libeigen3-dev*'
stand_in sudo <<<'[[ $1 == -n ]] && shift; "$@"'
nabla list
check 'with sudo: by itself' "$code $calls" '7 *sudo env DEBIAN_FRONTEND=noninteractive apt-get*'

fresh
rm "$work/bin/apt-get"
nabla list
check 'without apt: the list and the way by hand, exit 2' "$code $err" \
  '2 *libeigen3-dev *cmake --preset release*'
check_not 'and nothing is built' "$calls" '*ninja*'
echo libeigen3-dev >"$work/state/installed"
(cd "$work/tree" && PATH=$work/bin cmake --preset release)
nabla list
check 'what was built by hand runs' "$code $out" '7 <list> *'

fresh
touch "$work/state/slow"
nabla list
(PATH=$work/bin "$work/tree/nabla" list >/dev/null 2>&1) &
(PATH=$work/bin "$work/tree/nabla" list >/dev/null 2>&1) &
wait
check 'two launchers do not build at once' "$(tr '\n' ' ' <"$work/state/builds")" \
  'begin end begin end begin end '

fresh
nabla report folder
check 'a report comes with its plots' "$calls" '*apt-get * install * gnuplot-nox *'
fresh
nabla train
check_not 'a training does without them' "$calls" '*gnuplot*'
echo 1000 >"$work/state/uid"
nabla report folder
check 'who cannot install them gets the rest' "$code $err" '7 *without plots, which need: gnuplot-nox*'

((failures == 0)) && echo 'the launcher keeps its promises'
exit "$((failures > 0))"
