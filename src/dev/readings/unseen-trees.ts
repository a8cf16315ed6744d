/** Drivers that are not in the kernels of {@link versionsRead}, scanned once before anything was changed for them. */
export interface UnseenTree {
  /** Which reading it was of: what the earlier ones had found wrong was mended before it. */
  readonly round: 1 | 2;
  /** The source package, as `apt source` of Ubuntu gets it, and its version. */
  readonly source: string;
  /**
   * Whose drivers were read: those that the package adds to the kernel it is made of. Of a plain kernel all were; an error
   * that is reported on a kernel of {@link versionsRead}, or in a row above, too, is not counted again.
   */
  readonly drivers: string;
  /** Errors at high confidence, and how many of them are true by the source. */
  readonly errors: number;
  readonly true: number;
  /** What was wrong of the others. */
  readonly wrong: string;
}

export const unseenTrees: readonly UnseenTree[] = [
  {
    round: 1,
    source: 'linux-mtk 5.15.0-1041.49',
    drivers: 'MediaTek: APU, camera, codecs, remoteproc; Mali; Intel IPU6',
    errors: 16,
    true: 11,
    wrong:
      'a cache that hands out a reference with its entry (2); a path that no call takes (1); a mapping that is made only where a member is set, which nothing sets (1, still told); a store behind a pointer that was read before its test (1)',
  },
  {
    round: 1,
    source: 'linux-xilinx 6.8.0-1036.37',
    drivers: 'AMD Xilinx: AI engine, tsmux, sync IP, uio, fpga manager; Mali',
    errors: 19,
    true: 16,
    wrong: 'a reference that an exporter takes by the descriptor it has just made (3)',
  },
  {
    round: 1,
    source: 'linux-raspi 7.0.0-1009.9',
    drivers: 'Raspberry Pi: vc-sm-cma, codec, ISP',
    errors: 9,
    true: 8,
    wrong: 'get_dma_buf() of NULL, which crashes and takes nothing (1)',
  },
  {
    round: 1,
    source:
      'linux-raspi-realtime 6.8.0-2019.20, with ipu6-drivers 20231124 and the NVDLA of linux-starfive-6.5 laid into it',
    drivers: 'Raspberry Pi, Intel IPU6, NVDLA',
    errors: 12,
    true: 11,
    wrong: 'the same get_dma_buf() of NULL (1)',
  },
  {
    round: 1,
    source: 'linux-xilinx-zynqmp 5.15.0-1080.84',
    drivers: 'AMD Xilinx: VCU, apf, AI engine of another version; Intel IPU6 (the last two are much the same above)',
    errors: 5,
    true: 4,
    wrong: 'a buffer got by the descriptor that dma_buf_fd() could not make (1)',
  },
  {
    round: 1,
    source: 'linux-nvidia-6.17 6.17.0-1032.32',
    drivers: 'AMD ISP4',
    errors: 1,
    true: 1,
    wrong: '',
  },
  {
    round: 2,
    source: 'linux-hammerhead 3.4.0-1.12',
    drivers: 'Qualcomm MSM8974: Ion, KGSL',
    errors: 0,
    true: 0,
    wrong: '',
  },
  {
    round: 2,
    source: 'linux 4.4.0 and 4.15.0, the plain kernels',
    drivers: 'all',
    errors: 1,
    true: 1,
    wrong: '',
  },
  {
    round: 2,
    source: 'linux 5.4.0, the plain kernel',
    drivers: 'all',
    errors: 3,
    true: 2,
    wrong: 'a put of the reference that came with an object, made further away than calls are followed (1)',
  },
  {
    round: 2,
    source: 'linux-oem-5.10 5.10.0-1057.61',
    drivers: 'Intel IPU6, an earlier version',
    errors: 1,
    true: 1,
    wrong: '',
  },
  {
    round: 2,
    source: 'linux-allwinner-5.17 5.17.0 and linux-allwinner-5.19 5.19.0, the plain kernels',
    drivers: 'all',
    errors: 1,
    true: 1,
    wrong: '',
  },
  {
    round: 2,
    source: 'linux-oem-6.0 6.0.0, the plain kernel, with the drivers of linux-starfive-6.2 6.2.0-1009.10 laid into it',
    drivers: 'all; StarFive display, NVDLA',
    errors: 3,
    true: 3,
    wrong: '',
  },
  {
    round: 2,
    source:
      'linux-oem-6.14 6.14.0-1020.20, with the open modules of nvidia-graphics-drivers-570 570.211.01 laid into it',
    drivers: 'all; AMD ISP4, an earlier version; NVIDIA',
    errors: 3,
    true: 3,
    wrong: '',
  },
];
