# One image runs the service; everything it needs to know comes from the environment (docs/operate.md).
# Debian and not Alpine: the database's prebuilt program is tried on glibc by every test run here, and nothing is compiled.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY deploy/bundle.ts ./deploy/bundle.ts
COPY src ./src
RUN npm run build

FROM node:20-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# What only a compiler or a debugger reads, and the program for another C library, stay out: a third of the size.
RUN npm ci --omit=dev \
 && find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete \
 && rm -rf node_modules/@libsql/linux-*-musl

FROM node:20-bookworm-slim
ENV NODE_ENV=production \
    DATABASE_URL=sqlite:/data/ledger.sqlite
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=modules /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY cards ./cards
USER node
VOLUME /data
EXPOSE 3978
# Node answers SIGTERM itself (no shell and no npm in between): turns in flight may end, for at most 25 seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3978}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
