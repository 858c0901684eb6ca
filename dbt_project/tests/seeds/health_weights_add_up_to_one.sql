{#- The score is the weighted mean of its components, and a component the weighted mean of its indicators. -#}
with totals as (
    select
        round(sum(weight), 6) as total,
        min(weight) as lowest
    from {{ ref('health_components') }}
),

indicators as (
    select
        components.component,
        coalesce(sum(indicators.weight), 0) as total,
        coalesce(min(indicators.weight), 0) as lowest
    from {{ ref('health_components') }} as components
    left join {{ ref('health_indicators') }} as indicators on components.component = indicators.component
    group by components.component
)

select concat(
    'health_components.csv: the weights add up to ', cast(total as string), ', expected 1; change them so that they do'
) as problem
from totals
where total != 1

union all

select 'health_components.csv: a weight is negative; write 0 or more' as problem
from totals
where lowest < 0

union all

select concat('health_indicators.csv: component ', component, ' has no indicator with a weight above 0; give it at least one') as problem
from indicators
where total <= 0 or lowest < 0

union all

select concat(
    'health_indicators.csv: ', indicator, ' counts 0 and 100 points at the same value ', cast(best_value as string),
    '; write two different values in worst_value and best_value'
) as problem
from {{ ref('health_indicators') }}
where worst_value = best_value

union all

select concat('health_indicators.csv: the indicator ', indicator, ' is unknown; expected one of {{ health_indicators().values() | sum(start=[]) | join(", ") }}') as problem
from {{ ref('health_indicators') }}
where indicator not in ({% for indicator in health_indicators().values() | sum(start=[]) %}'{{ indicator }}'{{ ', ' if not loop.last }}{% endfor %})

union all

select concat(
    'customer_thresholds.csv: health_watch_from is not below health_healthy_from; write a lower value'
) as problem
from totals
where {{ threshold('customer', 'health_watch_from') }} >= {{ threshold('customer', 'health_healthy_from') }}
