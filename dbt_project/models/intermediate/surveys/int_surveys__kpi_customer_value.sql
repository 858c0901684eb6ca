{{ config(tags=['decide']) }}
{#- Period 0 is the customer value at as_of; period 1 is the value that the same models give for value.movement_days
    ago. -#}
with scored as (
    select * from {{ ref('customer_value') }}
),

values_by_period as (
    select
        0 as period,
        value_cents
    from scored
    union all
    select
        1 as period,
        previous_value_cents as value_cents
    from scored
),

period_statistics as (
    select
        period,
        count(*) as sample_size,
        avg(value_cents) as mean_value,
        {{ var('interval_z') }} * coalesce(stddev_samp(value_cents), 0) / sqrt(nullif(count(*), 1)) as half_width
    from values_by_period
    where value_cents is not null
    group by period
),

final as (
    select
        'customer_value_cents' as metric,
        cast(0 as bigint) as window_days,
        period,
        sample_size,
        {{ steady('mean_value') }} as value,
        {{ steady('mean_value - half_width') }} as interval_low,
        {{ steady('mean_value + half_width') }} as interval_high
    from period_statistics
)

select * from final
