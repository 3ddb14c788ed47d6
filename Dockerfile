# docker build -t leastwise .
# docker run --rm -v "$PWD:/work" -e LEASTWISE_SITE -e LEASTWISE_COMPANY -e LEASTWISE_CLIENT_ID \
#   -e LEASTWISE_PUBLIC_KEY -e LEASTWISE_PRIVATE_KEY leastwise audit

FROM rust:1.95-alpine AS build
RUN apk add --no-cache build-base
WORKDIR /source
COPY . .
RUN cargo build --release --locked --bin leastwise

# No shell and no package manager; certificates, and a user that is not root.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /source/target/release/leastwise /usr/local/bin/leastwise
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/leastwise"]
