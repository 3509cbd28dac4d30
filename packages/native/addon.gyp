{
  # Not named binding.gyp: a package manager that finds one of that name compiles it, whether that is needed or not.
  # `node-gyp configure -- -Dfaults=1` gives forkmap_faults.node: the same addon with fault injection, for tests only.
  "variables": {
    "faults%": 0,
    "napi_headers%": ""
  },
  "targets": [
    {
      "target_name": "forkmap",
      "sources": [
        "<!@(node -p \"require('fs').readdirSync('src', { recursive: true }).filter((f) => f.endsWith('.cc')).sort().map((f) => 'src/' + f).join(' ')\")"
      ],
      "include_dirs": [
        "src",
        "<(napi_headers)"
      ],
      "defines": [
        "NAPI_VERSION=9",
        "NAPI_DISABLE_CPP_EXCEPTIONS",
        "NODE_ADDON_API_DISABLE_DEPRECATED",
        # A driver whose worker thread is being terminated cannot throw, and must not abort the process for it.
        "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS"
      ],
      # WHY at once: a symbol that is bound at its first call would be looked up again in every child, each page by page.
      "ldflags": ["-Wl,-z,now"],
      "cflags!": ["-O3"],
      "cflags": ["-O2", "-Wall", "-Wextra"],
      "cflags_cc!": ["-std=gnu++17"],
      "cflags_cc": ["-std=gnu++20", "-fno-exceptions"],
      "conditions": [
        ["faults==1", {
          "product_name": "forkmap_faults",
          "defines": ["FORKMAP_FAULTS=1"]
        }]
      ]
    }
  ]
}
