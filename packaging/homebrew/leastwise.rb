# For a tap: https://github.com/OWNER/homebrew-tap, Formula/leastwise.rb
class Leastwise < Formula
  desc "Read-only auditor for the permissions of ConnectWise PSA integrations"
  homepage "https://github.com/@REPOSITORY@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/leastwise-v@VERSION@-aarch64-apple-darwin.tar.gz"
      sha256 "@SHA256:aarch64-apple-darwin.tar.gz@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/leastwise-v@VERSION@-x86_64-apple-darwin.tar.gz"
      sha256 "@SHA256:x86_64-apple-darwin.tar.gz@"
    end
  end

  on_linux do
    on_arm do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/leastwise-v@VERSION@-aarch64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:aarch64-unknown-linux-musl.tar.gz@"
    end
    on_intel do
      url "https://github.com/@REPOSITORY@/releases/download/v@VERSION@/leastwise-v@VERSION@-x86_64-unknown-linux-musl.tar.gz"
      sha256 "@SHA256:x86_64-unknown-linux-musl.tar.gz@"
    end
  end

  def install
    bin.install "leastwise"
    man1.install Dir["man/*.1"]
    bash_completion.install "completions/leastwise.bash" => "leastwise"
    zsh_completion.install "completions/_leastwise"
    fish_completion.install "completions/leastwise.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/leastwise --version")
    assert_match "cisco-umbrella", shell_output("#{bin}/leastwise rules list")
  end
end
