"""All that only the signer may load: keys, ceremony, rotation, the live signer. The public process cannot import it."""
