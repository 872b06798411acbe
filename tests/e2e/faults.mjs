// Graphics devices that fail, as scripts that go before the worker's own. There they change what
// the browser gives the engine, so that the engine needs no code for tests.

/** Runs in the worker. `onDevice` sees every device, `onSubmit` a submission of each. */
function tools() {
  const set = setTimeout;
  globalThis.multiplyPatience = (factor) => {
    globalThis.setTimeout = (ring, millis) => set(ring, millis * factor);
  };
  // Even a device that works may take minutes where a processor plays it.
  multiplyPatience(20);
  const requestDevice = GPUAdapter.prototype.requestDevice;
  const changes = [];
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await requestDevice.apply(this, args);
    changes.forEach((change) => change(device));
    return device;
  };
  globalThis.onDevice = (change) => changes.push(change);
  globalThis.onSubmit = (number, happen) =>
    globalThis.onDevice((device) => {
      const submit = device.queue.submit.bind(device.queue);
      let submitted = 0;
      device.queue.submit = (commands) => {
        submit(commands);
        submitted += 1;
        if (submitted === number) happen(device);
      };
    });
  globalThis.hideSoftware = () =>
    Object.defineProperty(GPUAdapterInfo.prototype, "isFallbackAdapter", { value: false });
  /** `change` sees what is read back, from the `first` time on. */
  globalThis.onRead = (first, change) => {
    const getMappedRange = GPUBuffer.prototype.getMappedRange;
    let reads = 0;
    GPUBuffer.prototype.getMappedRange = function (...args) {
      const range = getMappedRange.apply(this, args);
      if (this.usage & GPUBufferUsage.MAP_READ && ++reads >= first) change(new Int32Array(range));
      return range;
    };
  };
}

/** The first submission is the known image's, so the next ones are photos'. */
const faults = {
  none: () => {},
  "no packed dot product": () => {
    Object.defineProperty(navigator.gpu, "wgslLanguageFeatures", { value: new Set() });
    onDevice((device) => {
      const create = device.createShaderModule.bind(device);
      device.createShaderModule = (descriptor) => {
        if (descriptor.code.includes("dot4I8Packed")) throw new Error("a packed dot product");
        return create(descriptor);
      };
    });
  },
  // A lower bit might be lost when a large sum becomes a float.
  "a wrong result": () => onRead(1, (sums) => (sums[3] ^= 1 << 12)),
  "results that become nothing": () => onRead(2, (sums) => sums.fill(0)),
  "a device that is lost once": () => {
    let lost = false;
    onSubmit(3, (device) => {
      if (!lost) device.destroy();
      lost = true;
    });
  },
  "devices that are lost again and again": () => onSubmit(3, (device) => device.destroy()),
  "no memory for the network": () =>
    onDevice((device) => {
      device.popErrorScope = async () => new GPUOutOfMemoryError("made by the test");
    }),
  "no memory in the midst of it": () =>
    onSubmit(2, (device) => {
      const error = new GPUOutOfMemoryError("made by the test");
      device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
    }),
  "a device that refuses": () =>
    onSubmit(2, (device) => {
      const error = new GPUValidationError("made by the test");
      device.dispatchEvent(new GPUUncapturedErrorEvent("uncapturederror", { error }));
    }),
  "a device that never answers": () => {
    GPUBuffer.prototype.mapAsync = () => new Promise(() => {});
  },
  "a device that does not answer in time": () => {
    GPUBuffer.prototype.mapAsync = () => new Promise(() => {});
    multiplyPatience(1 / 30);
  },
  "an engine that crashes": () =>
    onDevice((device) => {
      device.createBuffer = () => {
        throw new RangeError("made by the test");
      };
    }),
  "a device that hides what it is": () => hideSoftware(),
  // Work that the worker does itself, without a pause, seems to take a minute.
  "a device that seems faster than the processor": () => {
    hideSoftware();
    const now = performance.now.bind(performance);
    let added = 0;
    let paused = true;
    performance.now = () => {
      if (!paused) added += 60_000;
      paused = false;
      setTimeout(() => (paused = true));
      return now() + added;
    };
  },
  "a device that shows its work": () => {
    hideSoftware();
    const dispatch = GPUComputePassEncoder.prototype.dispatchWorkgroups;
    GPUComputePassEncoder.prototype.dispatchWorkgroups = function (...groups) {
      console.log(`workgroups ${groups}`);
      dispatch.apply(this, groups);
    };
  },
  "a device on which nothing can be made any more": () =>
    onSubmit(1, (device) => {
      for (const kind of ["Buffer", "BindGroup", "ComputePipeline", "ShaderModule"]) {
        device[`create${kind}`] = () => {
          throw new Error(`another ${kind}`);
        };
      }
    }),
  "a device on which further kernels do nothing": () => {
    hideSoftware();
    onSubmit(1, (device) => {
      const create = device.createShaderModule.bind(device);
      device.createShaderModule = (descriptor) => {
        const start = "let first_pixel = group.y * ROWS;";
        const code = descriptor.code.replace(start, `if ROWS > 0u { return; } ${start}`);
        return create({ ...descriptor, code });
      };
    });
  },
  // After the known image, two submissions tell how long nothing takes; each kernel takes three.
  "a device that is lost while it is measured": () => {
    hideSoftware();
    let lost = false;
    onSubmit(5, (device) => {
      if (!lost) device.destroy();
      lost = true;
    });
  },
  "a browser that does not say what its devices are": () => delete GPUAdapter.prototype.info,
};

/** `bootstrap`, the worker's script, with the fault of that name before it. */
export function withFault(name, bootstrap) {
  if (!(name in faults)) throw new Error(`there is no fault ${name}`);
  return `(${tools})();\n(${faults[name]})();\n${bootstrap}`;
}
