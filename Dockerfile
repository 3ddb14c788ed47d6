# docker build -t leastwise .
# docker run --rm -v "$PWD:/work" -e LEASTWISE_SITE -e LEASTWISE_COMPANY -e LEASTWISE_CLIENT_ID \
#   -e LEASTWISE_PUBLIC_KEY -e LEASTWISE_PRIVATE_KEY leastwise audit
#
# docker build --target ci -t leastwise-ci .      for jobs of GitLab and Azure, which need a shell and git

# Images are pinned by digest; the tag beside it is for whoever reads.
FROM rust:1.95-alpine@sha256:606fd313a0f49743ee2a7bd49a0914bab7deedb12791f3a846a34a4711db7ed2 AS build
RUN apk add --no-cache build-base
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin leastwise

FROM alpine:3.24.1@sha256:28bd5fe8b56d1bd048e5babf5b10710ebe0bae67db86916198a6eec434943f8b AS ci
RUN apk add --no-cache bash ca-certificates git
COPY --from=build /source/target/release/leastwise /usr/local/bin/leastwise
USER 65532:65532

# No shell and no package manager; certificates, and a user that is not root.
FROM gcr.io/distroless/static-debian12:nonroot@sha256:afa5c872c891853ca7fcf1f12c3edb23f7eeef36189728842dd51042ff57f7ab
COPY --from=build /source/target/release/leastwise /usr/local/bin/leastwise
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/leastwise"]
