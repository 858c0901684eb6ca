{%- set signals = ['int_alerts__feedback', 'int_alerts__kpis', 'int_alerts__service', 'int_alerts__keywords', 'int_alerts__models'] -%}
{#- Running totals make the total of any window a difference of two rows. -#}
with days as {{ materialized() }} (
    {% for signal in signals -%}
    select * from {{ ref(signal) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

bounds as (
    select min(day) as first_day from days
),

spine as (
    select spine.day
    from {{ day_spine('bounds', 'first_day', add_days(as_of_date(), -1)) }} as spine
),

keys as (
    select
        signal,
        dimension,
        dimension_value,
        min(day) as first_day
    from days
    group by signal, dimension, dimension_value
),

every_day as (
    select
        keys.signal,
        keys.dimension,
        keys.dimension_value,
        keys.first_day,
        spine.day,
        {{ day_number('spine.day') }} as day_number,
        coalesce(days.case_count, 0) as case_count,
        coalesce(days.total, 0) as total
    from keys
    inner join spine on keys.first_day <= spine.day
    left join days
        on keys.signal = days.signal
        and keys.dimension = days.dimension
        and keys.dimension_value = days.dimension_value
        and spine.day = days.day
),

final as (
    select
        signal,
        dimension,
        dimension_value,
        day,
        day_number,
        {{ day_number('first_day') }} as first_day_number,
        cast(sum(case_count) over (
            partition by signal, dimension, dimension_value order by day rows between unbounded preceding and current row
        ) as bigint) as cases_so_far,
        {{ steady('sum(total) over (
            partition by signal, dimension, dimension_value order by day rows between unbounded preceding and current row
        )') }} as total_so_far
    from every_day
)

select * from final
