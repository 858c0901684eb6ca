{#- Both late and early are rounded up to whole bins, so bin 0 contains only promises met exactly. -#}
with promises as (
    select * from {{ ref('int_journey__promises') }}
    where score is not null
),

binned as (
    select
        *,
        case
            when broken_units > 0 then ceil(broken_units / bin_units) * bin_units
            else -floor(-broken_units / bin_units) * bin_units
        end as bin_unit
    from promises
),

segmented as (
    select
        binned.*,
        'all' as cut_segment,
        'all' as cut_touchpoint
    from binned
    union all
    select
        binned.*,
        segment as cut_segment,
        'all' as cut_touchpoint
    from binned
    union all
    select
        binned.*,
        'all' as cut_segment,
        touchpoint as cut_touchpoint
    from binned
),

final as (
    select
        {{ as_of_date() }} as as_of,
        promise,
        cut_touchpoint as touchpoint,
        cut_segment as segment,
        {{ steady('bin_unit') }} as bin_unit,
        cast(count(*) as bigint) as answer_count,
        {{ steady(exact_mean('broken_units')) }} as mean_broken_units,
        {{ exact_sum('broken_units * broken_units') }} as broken_square_sum,
        {{ exact_sum('broken_units * score') }} as broken_score_sum,
        {{ exact_sum('score') }} as score_sum,
        {{ exact_sum('score * score') }} as score_square_sum
    from segmented
    group by promise, cut_touchpoint, cut_segment, bin_unit
)

select * from final
