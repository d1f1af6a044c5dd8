# utp-load as an image: built from the sources beside this file, run by nobody in particular, with no tools to build left in it.
#   docker build --tag utp-load .
#   docker run --rm --volume "$PWD:/work" --user "$(id -u)" utp-load run load.yaml

FROM node:20-slim AS build
WORKDIR /app
# First what seldom changes. No package runs a script of its own.
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20-slim
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY bin bin
COPY profiles profiles
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# The user of `deploy kubernetes`, by number: a cluster that lets no root in cannot look names up. Results go to where it stands.
RUN ln -s /app/bin/utp-load.js /usr/local/bin/utp-load && install --directory --owner=10001 --group=10001 /work
USER 10001:10001
WORKDIR /work
# A graceful stop: every client leaves, the results are written.
STOPSIGNAL SIGTERM
ENTRYPOINT ["utp-load"]
CMD ["--help"]
