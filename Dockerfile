# docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -v "$PWD:/data:ro" dumpsieve scan /data
FROM node:24-slim AS build
WORKDIR /build
COPY . .
# The lock file lacks optional packages of other platforms, which "npm ci" refuses.
RUN npm install --no-audit --no-fund --ignore-scripts \
  && npm run build \
  && npm prune --omit=dev --ignore-scripts

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /opt/dumpsieve
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/dist dist
# "node" of the image, by number so that Kubernetes can check runAsNonRoot.
USER 1000:1000
WORKDIR /data
EXPOSE 8080
ENTRYPOINT ["node", "/opt/dumpsieve/dist/cli/main.js"]
CMD ["--help"]
