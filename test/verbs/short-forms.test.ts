import { SHORT_FORMS } from './counterparts.js';
import { testCounterparts } from './same-as-serial.js';

testCounterparts(SHORT_FORMS);
