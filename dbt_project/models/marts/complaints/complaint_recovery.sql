{%- set dimensions = ['category', 'grade', 'severity', 'speed', 'result', 'first_response', 'segment'] -%}
with cases as (
    select * from {{ ref('int_complaints__recovery_cases') }}
),

cuts as (
    select
        'overall' as dimension,
        'all' as dimension_value,
        cases.*
    from cases
    {%- for dimension in dimensions %}
    union all
    select
        '{{ dimension }}' as dimension,
        {{ dimension }} as dimension_value,
        cases.*
    from cases
    {%- endfor %}
),

-- All complainers of a stratum share its controls, so the controls' error enters once per stratum, weighted by its complainers.
strata as (
    select
        outcome,
        dimension,
        dimension_value,
        month_number,
        segment,
        has_contract,
        order_band,
        count(*) as complainer_count,
        sum(came_back) as came_back_count,
        count(control_share) as matched_count,
        sum(case when control_share is not null then came_back else 0 end) as matched_back_count,
        coalesce(max(control_count), 0) as control_count,
        coalesce(max(control_share), 0) as control_share
    from cuts
    group by outcome, dimension, dimension_value, month_number, segment, has_contract, order_band
),

comparisons as (
    select
        outcome,
        dimension,
        dimension_value,
        sum(complainer_count) as complainer_count,
        sum(came_back_count) as came_back_count,
        sum(matched_count) as matched_count,
        {{ ratio('sum(matched_back_count)', 'sum(matched_count)') }} as matched_share,
        sum(control_count) as control_count,
        {{ ratio('sum(matched_count * control_share)', 'sum(matched_count)') }} as baseline_share,
        {{ ratio(
            'sum(matched_count * matched_count * control_share * (1 - control_share) / greatest(control_count, 1))',
            'sum(matched_count) * sum(matched_count)'
        ) }} as baseline_variance
    from strata
    group by outcome, dimension, dimension_value
),

-- Agresti and Caffo (2000): adding one success and one failure to the complainers keeps the coverage near 0 and 1.
adjusted as (
    select
        *,
        (matched_share * matched_count + 1) / (matched_count + 2) as adjusted_share
    from comparisons
),

final as (
    select
        {{ as_of_date() }} as as_of,
        outcome,
        dimension,
        dimension_value,
        cast(complainer_count as bigint) as complainer_count,
        cast(came_back_count as bigint) as came_back_count,
        {{ steady(ratio('came_back_count', 'complainer_count')) }} as came_back_share,
        {{ wilson_low('came_back_count', 'complainer_count') }} as interval_low,
        {{ wilson_high('came_back_count', 'complainer_count') }} as interval_high,
        complainer_count >= {{ threshold('shared', 'minimum_sample') }} as is_reportable,
        cast(matched_count as bigint) as matched_count,
        cast(control_count as bigint) as control_count,
        {{ steady('baseline_share') }} as baseline_share,
        {{ steady('matched_share - baseline_share') }} as effect,
    {% for name, sign in [('effect_low', '-'), ('effect_high', '+')] -%}
        {{ steady(
            'matched_share - baseline_share ' ~ sign ~ ' ' ~ var('interval_z')
            ~ ' * sqrt(adjusted_share * (1 - adjusted_share) / (matched_count + 2) + baseline_variance)'
        ) }} as {{ name }}{{ ',' if not loop.last }}
    {% endfor %}
    from adjusted
)

select * from final
