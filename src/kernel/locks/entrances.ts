import { nameTable } from '../names.js';

/** Macros at file level that have a function called from outside, where nobody holds a reservation lock. */
const entrances = nameTable(
  {
    topic: 'modules',
    source: 'include/linux/module.h, include/linux/device/driver.h',
    names: ['module_init', 'module_exit', 'module_driver', 'builtin_driver', 'module_?*_driver', 'builtin_?*_driver'],
  },
  {
    topic: 'initcalls',
    source: 'include/linux/init.h, include/linux/module.h',
    names: ['*initcall', '*initcall_sync', '__exitcall', 'early_param', '__setup'],
  },
  { topic: 'DRM modules', source: 'include/drm/drm_module.h', names: ['drm_module_?*'] },
  {
    topic: 'work, timers and tasklets',
    source: 'include/linux/workqueue.h, timer.h, interrupt.h',
    names: ['DECLARE_{,DELAYED_,DEFERRABLE_}WORK', 'DEFINE_TIMER', 'DECLARE_TASKLET*'],
  },
  {
    topic: 'attributes and parameters',
    source: 'include/linux/device.h, fs.h, moduleparam.h, debugfs.h',
    names: ['{DEVICE,DRIVER,BUS,CLASS}_ATTR*', 'DEFINE_{SIMPLE,DEBUGFS}_ATTRIBUTE*', 'module_param_call*'],
  },
  {
    topic: 'power management',
    source: 'include/linux/pm.h, pm_runtime.h',
    names: ['{,DEFINE_}{SIMPLE,UNIVERSAL,NOIRQ,RUNTIME}_DEV_PM_OPS'],
  },
);

/** Whether a macro at file level has the functions that it names called from outside: `module_exit(foo_exit)`. */
export function isEntrance(name: string): boolean {
  return entrances.has(name);
}

/** The suffixes of the function names that attribute macros make: `DEVICE_ATTR_WO(reset)` names reset_store(). */
const attributeEnd = /_(?:show|store|read|write)$/;
/** A macro that makes an attribute, with its arguments. Source: include/linux/sysfs.h, device.h, configfs.h, seq_file.h. */
const attributeMacro = /\b\w*ATTR(?:_\w+|IBUTE)?\s*\(([\w\s,]*)/g;

/**
 * Whether an attribute macro in a file makes the name of a function from the name of the attribute: then user space can call
 * the function.
 * @param code the file's text without comments
 */
export function isOfAttribute(name: string, code: string): boolean {
  const attribute = name.replace(attributeEnd, '');
  if (attribute === name) return false;
  return [...code.matchAll(attributeMacro)].some(({ 1: written = '' }) => {
    const words = written.split(',').map((word) => word.trim());
    // `CONFIGFS_ATTR(foo_, fd)` joins its two arguments.
    return words[0] === attribute || `${words[0]}${words[1]}` === attribute;
  });
}

/**
 * The macros at file level that name the functions with which a module starts and ends. An exported buffer keeps its module,
 * so that the second cannot run before the buffer is gone. Source: include/linux/module.h.
 */
export const moduleBounds: readonly string[] = ['module_init', 'module_exit'];
