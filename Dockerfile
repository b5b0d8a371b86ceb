# The headless host in a container: without root, on a root file system that is only read, with its data in /data. docs/install.md says how it is run.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
# The build needs what the program then does without.
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production HOOKLINE_DATA=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/out/headless ./out/headless
COPY --from=build /app/out/renderer ./out/renderer
COPY --from=build /app/out/THIRD-PARTY-NOTICES.txt ./
RUN mkdir /data && chown node:node /data && chmod 700 /data
USER node
VOLUME /data
EXPOSE 4780 4781
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["node", "out/headless/cli.js", "status", "--json"]
ENTRYPOINT ["node", "out/headless/cli.js"]
CMD ["start", "--no-open"]
