import { nameTable } from '../names.js';

const fills = nameTable(
  {
    topic: 'polls of a register',
    source: 'include/linux/iopoll.h, include/linux/regmap.h',
    names: ['read{b,w,l,q}{,_relaxed}_poll_timeout{,_atomic}', '{read,regmap_read}_poll_timeout{,_atomic}'],
  },
  {
    topic: 'delays',
    source: 'include/linux/delay.h, include/linux/sched.h',
    names: ['{n,u,m}delay', 'msleep{,_interruptible}', 'usleep_range{,_idle}', 'fsleep', 'ssleep', 'cond_resched'],
  },
  {
    topic: 'registers',
    source: 'include/linux/regmap.h, include/linux/io.h',
    names: ['regmap_bulk_{read,write}', 'ioread*_rep', 'iowrite*_rep', 'memcpy_{from,to}io', 'memset_io'],
  },
  {
    topic: 'memory for DMA',
    source: 'include/linux/dma-mapping.h',
    names: ['dma_alloc_{coherent,noncoherent,wc,attrs,pages}'],
  },
  {
    topic: 'properties and numbers',
    source: 'include/linux/of.h, property.h, kstrtox.h',
    names: ['{of,device,fwnode}_property_read_?*', 'kstrto?*'],
  },
);

/**
 * Whether a function of the kernel writes only to what its arguments name, to no other member of an object of the driver, and
 * keeps none of them.
 */
export function fillsArgumentsOnly(name: string): boolean {
  return fills.has(name);
}
